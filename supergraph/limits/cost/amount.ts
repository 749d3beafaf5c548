// Owns reckoning with what may depend on a request's variables: what they cannot change is a number, worked out once.

/** One working out. */
export interface Reckoning {
  /** Never the same twice for the same operation. */
  number: number;
  /** Coerced, by the client's names. */
  variables: Readonly<Record<string, unknown>>;
}

export type Amount = number | ((reckoning: Reckoning) => number);

/** What is more counts as this much. */
const mostAmount = Number.MAX_SAFE_INTEGER;

export function amountIn(amount: Amount, reckoning: Reckoning): number {
  return typeof amount === 'number' ? amount : amount(reckoning);
}

export function sum(terms: readonly Amount[]): Amount {
  return joined(terms, 0, (one, other) => bounded(one + other));
}

/** Of none it is 0. */
export function largest(terms: readonly Amount[]): Amount {
  if (terms.length === 0) return 0;
  return joined([...new Set(terms)], Number.NEGATIVE_INFINITY, Math.max);
}

export function times(one: Amount, other: Amount): Amount {
  if (one === 0 || other === 0) return 0;
  if (one === 1) return other;
  if (other === 1) return one;
  if (typeof one === 'number' && typeof other === 'number') return bounded(one * other);
  return (reckoning) => bounded(amountIn(one, reckoning) * amountIn(other, reckoning));
}

export function notBelowZero(amount: Amount): Amount {
  return largest([0, amount]);
}

/** What stands in several places is worked out at the first of them. */
export function once(amount: Amount): Amount {
  if (typeof amount === 'number') return amount;
  let number: number | undefined;
  let value = 0;
  return (reckoning) => {
    if (number !== reckoning.number) {
      value = amount(reckoning);
      number = reckoning.number;
    }
    return value;
  };
}

function joined(
  terms: readonly Amount[],
  nothing: number,
  join: (one: number, other: number) => number,
): Amount {
  let constant = nothing;
  const open: Exclude<Amount, number>[] = [];
  for (const term of terms) {
    if (typeof term === 'number') constant = join(constant, term);
    else open.push(term);
  }
  if (open.length === 0) return constant;
  return (reckoning) => {
    let value = constant;
    for (const part of open) value = join(value, part(reckoning));
    return value;
  };
}

function bounded(value: number): number {
  if (Number.isNaN(value)) return mostAmount;
  return Math.min(mostAmount, Math.max(-mostAmount, value));
}
