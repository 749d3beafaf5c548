// Owns what gateways are measured on: a graph's origin, the stand-in before it, and the supergraph that points there.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GraphName, graphs } from '../graphs/graphs.ts';
import { pointAt } from '../graphs/point-at.ts';
import { type StandIn, startStandIn } from '../stand-in/stand-in.ts';

export interface Stage {
  graph: GraphName;
  standIn: StandIn;
  /** The path of the supergraph whose subgraphs are the stand-in's. */
  supergraph: string;
  /** More than one may ask for it. */
  stop: () => Promise<void>;
}

export interface StageOptions {
  /** The compiled stand-in. */
  standIn: string;
  /** The core of the stand-in. */
  core: number;
  folder: string;
}

export async function setStage(name: GraphName, options: StageOptions): Promise<Stage> {
  const graph = graphs[name];
  const sdl = await graph.supergraph();
  const origin = await graph.startOrigin();
  try {
    const { standIn: binary, core } = options;
    const standIn = await startStandIn({ origins: origin.addresses, binary, core });
    const folder = join(options.folder, name);
    await mkdir(folder, { recursive: true });
    const supergraph = join(folder, 'supergraph.graphql');
    await writeFile(supergraph, pointAt(sdl, standIn.url));
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      await standIn.stop();
      await origin.stop();
    };
    return {
      graph: name,
      standIn,
      supergraph,
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    await origin.stop();
    throw error;
  }
}
