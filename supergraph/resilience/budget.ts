// Owns how much a subgraph may be asked on top of what clients ask: a share of that, of late.

export interface BudgetOptions {
  /** Of all that was asked; 0.2 for a fifth. */
  share: number;
  /** So many may be spent however little was asked. */
  floor: number;
  /** Milliseconds that are looked back, about. */
  window: number;
  /** Milliseconds. */
  now?: () => number;
}

interface Slot {
  asked: number;
  spent: number;
}

const slots = 10;

export class Budget {
  readonly #options: BudgetOptions;
  readonly #now: () => number;
  readonly #slots: Slot[] = Array.from({ length: slots }, () => ({ asked: 0, spent: 0 }));
  readonly #sum: Slot = { asked: 0, spent: 0 };
  readonly #slotTime: number;
  #current = 0;
  #nextAt: number;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#slotTime = options.window / slots;
    this.#nextAt = this.#now() + this.#slotTime;
  }

  /** Something was asked. */
  note(): void {
    this.#forget();
    this.#slot.asked += 1;
    this.#sum.asked += 1;
  }

  /** Whether one more may be asked on top; it counts as spent then. */
  take(): boolean {
    this.#forget();
    const { share, floor } = this.#options;
    if (this.#sum.spent + 1 > Math.max(floor, this.#sum.asked * share)) return false;
    this.#slot.spent += 1;
    this.#sum.spent += 1;
    return true;
  }

  get #slot(): Slot {
    return this.#slots[this.#current] as Slot;
  }

  #forget(): void {
    const now = this.#now();
    if (now < this.#nextAt) return;
    const passed = Math.min(slots, Math.floor((now - this.#nextAt) / this.#slotTime) + 1);
    for (let index = 0; index < passed; index++) {
      this.#current = (this.#current + 1) % slots;
      this.#sum.asked -= this.#slot.asked;
      this.#sum.spent -= this.#slot.spent;
      this.#slot.asked = 0;
      this.#slot.spent = 0;
    }
    this.#nextAt = now + this.#slotTime;
  }
}
