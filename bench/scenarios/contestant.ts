// Owns how somebody takes part: the command a gateway is started with, and in which folder.

import type { GraphName } from '../graphs/graphs.ts';
import type { Command } from '../measure/gateway.ts';
import type { Peer } from '../peers/peers.ts';
import { type Among, isInvited } from './scenarios.ts';

/** What a gateway must know of the stage it is started on. */
export interface Place {
  graph: GraphName;
  /** The path of a file. */
  supergraph: string;
  standIn: { url: string };
  /** Variables that say whose tokens are good. */
  identity: Record<string, string>;
  /** The path of a file with an answer that somebody else has given; it need not be there yet. */
  recording: string;
}

/** A peer, or one revision of ours. */
export interface Contestant {
  name: string;
  cwd: string;
  /** Undefined: it does not take part in this graph. */
  command: (place: Place, port: number) => Command | undefined;
}

export function contestantOf(peer: Peer, cwd: string, name: string = peer.name): Contestant {
  return {
    name,
    cwd,
    command: ({ standIn, ...place }, port) => peer.command({ ...place, port, standIn: standIn.url }),
  };
}

/** Who takes part in a scenario at this place, with the command for a port. */
export function takingPart(
  contestants: readonly Contestant[],
  place: Place,
  among: Among,
): { name: string; cwd: string; command: (port: number) => Command }[] {
  return contestants.flatMap(({ name, cwd, command }) => {
    const known = (port: number): Command => {
      const made = command(place, port);
      if (made === undefined) throw new Error(`${name} does not take part in ${place.graph}.`);
      return made;
    };
    const absent = !isInvited(among, name) || command(place, 1) === undefined;
    return absent ? [] : [{ name, cwd, command: known }];
  });
}
