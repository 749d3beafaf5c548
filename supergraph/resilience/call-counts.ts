// Owns what is counted of the calls to subgraphs, as metrics in Prometheus' text format.
import { GraphQLError } from 'graphql';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import type { BreakerState } from './breaker.ts';

/** Why a question was not asked. */
export type Refusal = 'busy' | 'suspended';

/** Of one subgraph. */
export interface SubgraphCounts {
  /** By how they ended: `answered`, or a code of the error table. */
  readonly calls: Map<string, number>;
  retries: number;
  hedges: number;
  readonly refused: Record<Refusal, number>;
  /** For their turn, now. */
  waiting: () => number;
  breaker: () => BreakerState;
}

const states: readonly BreakerState[] = ['closed', 'open', 'probing'];

export class CallCounts {
  readonly #subgraphs = new Map<string, SubgraphCounts>();
  readonly #bff: string;

  constructor(bff: string) {
    this.#bff = bff;
  }

  of(subgraph: string): SubgraphCounts {
    const counts: SubgraphCounts = {
      ...{ calls: new Map(), retries: 0, hedges: 0, refused: { busy: 0, suspended: 0 } },
      ...{ waiting: () => 0, breaker: () => 'closed' },
    };
    this.#subgraphs.set(subgraph, counts);
    return counts;
  }

  text(): string {
    const { lines } = new Lines(this.#bff, this.#subgraphs)
      .of('calls_total', 'counter', 'Exchanges with subgraphs, by how they ended.', ({ calls }) =>
        [...calls].map(([result, count]) => [`result="${result}"`, count]),
      )
      .of('retries_total', 'counter', 'Those among them that repeat one that failed.', ({ retries }) => [
        ['', retries],
      ])
      .of(
        'hedges_total',
        'counter',
        'Those among them that were sent beside one that took long.',
        ({ hedges }) => [['', hedges]],
      )
      .of('refused_total', 'counter', 'Questions that were not asked, by why.', ({ refused }) =>
        Object.entries(refused).map(([because, count]) => [`because="${because}"`, count]),
      )
      .of('waiting', 'gauge', 'Questions that wait until the subgraph has fewer others.', ({ waiting }) => [
        ['', waiting()],
      ])
      .of(
        'breaker',
        'gauge',
        'Whether the subgraph is asked: 1 for the state that its breaker is in.',
        ({ breaker }) => states.map((state) => [`state="${state}"`, breaker() === state ? 1 : 0]),
      );
    return `${lines.join('\n')}\n`;
  }
}

/** The same client, of which each exchange is counted. */
export function counted(client: SubgraphClient, { calls }: Pick<SubgraphCounts, 'calls'>): SubgraphClient {
  const count = (result: string): void => {
    calls.set(result, (calls.get(result) ?? 0) + 1);
  };
  return async (request, context) => {
    try {
      const answer = await client(request, context);
      count('answered');
      return answer;
    } catch (error) {
      count(codeOf(error));
      throw error;
    }
  };
}

function codeOf(error: unknown): string {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
}

type Read = (counts: SubgraphCounts) => (readonly [labels: string, value: number])[];

class Lines {
  readonly lines: string[] = [];
  readonly #bff: string;
  readonly #subgraphs: ReadonlyMap<string, SubgraphCounts>;

  constructor(bff: string, subgraphs: ReadonlyMap<string, SubgraphCounts>) {
    this.#bff = bff;
    this.#subgraphs = subgraphs;
  }

  of(name: string, type: 'counter' | 'gauge', help: string, read: Read): this {
    const metric = `tributary_subgraph_${name}`;
    this.lines.push(`# HELP ${metric} ${help}`, `# TYPE ${metric} ${type}`);
    for (const [subgraph, counts] of this.#subgraphs) {
      const whose = `bff="${this.#bff}",subgraph="${subgraph}"`;
      for (const [labels, value] of read(counts)) {
        this.lines.push(`${metric}{${whose}${labels === '' ? '' : `,${labels}`}} ${value}`);
      }
    }
    return this;
  }
}
