// Owns doing equal work once: whoever asks for it while it is under way gets the answer of the one who asked first.
import { Cancellation } from './cancellation.ts';

export interface Flight<Answer> {
  readonly answer: Promise<Answer>;
  /** For one who waits no longer, at most once each; the last to leave aborts the work's signal with this reason. */
  leave: (reason: Error) => void;
}

/** Joins the work that is under way under this key, or begins it. Without a key it is begun, and nobody joins it. */
export type ShareInFlight<Answer> = (
  key: string | undefined,
  work: (signal: Cancellation) => Promise<Answer>,
) => Flight<Answer>;

export function createShareInFlight<Answer>(): ShareInFlight<Answer> {
  const flights = new Map<string, SharedFlight<Answer>>();
  return (key, work) => {
    const underWay = key === undefined ? undefined : flights.get(key);
    if (underWay) {
      underWay.join();
      return underWay;
    }
    const flight = new SharedFlight<Answer>(() => {
      // One that everybody left may still be ending when the next has begun.
      if (key !== undefined && flights.get(key) === flight) flights.delete(key);
    });
    if (key !== undefined) flights.set(key, flight);
    flight.begin(work);
    return flight;
  };
}

class SharedFlight<Answer> implements Flight<Answer> {
  answer!: Promise<Answer>;
  readonly #cancellation = new Cancellation();
  readonly #over: () => void;
  #waiting = 1;

  constructor(over: () => void) {
    this.#over = over;
  }

  begin(work: (signal: Cancellation) => Promise<Answer>): void {
    this.answer = this.#run(work);
  }

  join(): void {
    this.#waiting += 1;
  }

  leave(reason: Error): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    this.#over();
    this.#cancellation.abort(reason);
  }

  async #run(work: (signal: Cancellation) => Promise<Answer>): Promise<Answer> {
    try {
      return await work(this.#cancellation);
    } finally {
      this.#over();
    }
  }
}
