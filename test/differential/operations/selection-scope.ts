// Owns which response names are in use where selections merge, so that generated operations seldom ask for two things at once.

interface ScopeEntry {
  parent: string;
  field: string;
  /** The text of its arguments. */
  call: string;
  type: string;
  inner: SelectionScope;
}

export class SelectionScope {
  readonly #entries = new Map<string, ScopeEntry>();

  get(name: string): ScopeEntry | undefined {
    return this.#entries.get(name);
  }

  /** Fields that have selections, with their response names. */
  composites(): { name: string; field: string }[] {
    return [...this.#entries].flatMap(([name, { field, inner }]) =>
      inner.#entries.size > 0 ? [{ name, field }] : [],
    );
  }

  /** The scope of what is selected inside. */
  add(name: string, entry: Omit<ScopeEntry, 'inner'>): SelectionScope {
    const inner = this.#entries.get(name)?.inner ?? new SelectionScope();
    this.#entries.set(name, { ...entry, inner });
    return inner;
  }

  canTake(other: SelectionScope): boolean {
    return [...other.#entries].every(([name, theirs]) => {
      const ours = this.#entries.get(name);
      if (ours === undefined) return true;
      return (
        ours.field === theirs.field &&
        ours.call === theirs.call &&
        ours.type === theirs.type &&
        ours.inner.canTake(theirs.inner)
      );
    });
  }

  /** Takes over a copy: what is selected here later is not selected there. */
  take(other: SelectionScope): void {
    for (const [name, theirs] of other.#entries) {
      this.add(name, theirs).take(theirs.inner);
    }
  }
}
