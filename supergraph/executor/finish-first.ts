// Owns when an operation is begun: those that were begun are brought to their end first.
import type { SubgraphClient } from '../transport/subgraph-client.ts';

/** So many may be under way whatever there is to do. */
const alwaysBegun = 8;

/**
 * An operation that was begun holds what subgraphs answered until it ends. The fewer are under way, the more of that is
 * still in the processor's caches when it is needed, and the less has the garbage collector to move about. So another
 * one is begun only in a turn of the event loop in which no answer came; while subgraphs are waited for, that is at once.
 */
export class FinishFirst {
  #underWay = 0;
  #answerCame = false;
  readonly #waiting: (() => void)[] = [];

  /** The same client, whose answers are what there is to do. */
  noticed(client: SubgraphClient): SubgraphClient {
    const notice = (): void => {
      this.#answerCame = true;
    };
    return (request, context) => {
      const answer = client(request, context);
      answer.then(notice, notice);
      return answer;
    };
  }

  /** Ends like the work. */
  async run<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#underWay < alwaysBegun && this.#waiting.length === 0) this.#underWay += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay < alwaysBegun) this.#beginNext();
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(() => this.#look());
    });
  }

  /** Once in each turn of the event loop, as long as somebody waits. */
  #look(): void {
    if (!this.#answerCame) for (let count = 0; count < alwaysBegun; count++) this.#beginNext();
    this.#answerCame = false;
    if (this.#waiting.length > 0) setImmediate(() => this.#look());
  }

  #beginNext(): void {
    const begin = this.#waiting.shift();
    if (begin === undefined) return;
    this.#underWay += 1;
    begin();
  }
}
