// Owns a subgraph that a test writes the part of: a real schema that answers the truth, until a script says something else.
import { compose } from '../../../supergraph/composition/compose.ts';
import {
  type Asked,
  type CaseSubgraph,
  type Misbehaviour,
  startCaseSubgraph,
} from '../../federation/harness/case-subgraph.ts';

export interface ScriptedSubgraph {
  name: string;
  /** Its own address. */
  url: string;
  /** What it was asked, health checks left out, in the order of coming; tests may empty it. */
  journal: Asked[];
  /** How often it was asked since the journal was emptied, all in all or for documents with such a word. */
  count: (word?: string) => number;
  /** From now on; undefined for the truth. See says.ts for scripts of names of fields. */
  answerWith: (script: Misbehaviour | undefined) => void;
  /** Resolves when the journal has so many entries. */
  waitFor: (count: number) => Promise<void>;
}

export interface ScriptedGraph {
  supergraphSdl: string;
  subgraphs: ReadonlyMap<string, ScriptedSubgraph>;
  /** Throws for a name that is not there. */
  of: (name: string) => ScriptedSubgraph;
  stop: () => void;
}

/** On free ports. */
export async function startScriptedGraph(parts: Record<string, CaseSubgraph>): Promise<ScriptedGraph> {
  const subgraphs = new Map<string, ScriptedSubgraph>();
  const running = await Promise.all(
    Object.entries(parts).map(async ([name, part]) => {
      const journal: Asked[] = [];
      let script: Misbehaviour | undefined;
      let waits: { count: number; resolve: () => void }[] = [];
      const subgraph = await startCaseSubgraph(name, part, {
        write(asked) {
          if (asked.query === '{__typename}') return;
          journal.push(asked);
          for (const { count, resolve } of waits) if (journal.length >= count) resolve();
          waits = waits.filter(({ count }) => journal.length < count);
        },
        misbehaviour: () => script,
      });
      subgraphs.set(name, {
        name,
        url: subgraph.schema.url,
        journal,
        count: (word = '') => journal.filter(({ query }) => query.includes(word)).length,
        answerWith(next) {
          script = next;
        },
        waitFor: (count) =>
          journal.length >= count
            ? Promise.resolve()
            : new Promise((resolve) => waits.push({ count, resolve })),
      });
      return subgraph;
    }),
  );
  return {
    supergraphSdl: compose(running.map(({ schema }) => schema)),
    subgraphs,
    of(name) {
      const found = subgraphs.get(name);
      if (found === undefined) throw new Error(`There is no subgraph ${name}.`);
      return found;
    },
    stop() {
      for (const { stop } of running) stop();
    },
  };
}
