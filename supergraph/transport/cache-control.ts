// Owns reading a `cache-control` header: its words, and their times.

/** By name in lower case; empty for one without a value. */
export type Directives = ReadonlyMap<string, string>;

export function readDirectives(value: string): Directives {
  const directives = new Map<string, string>();
  for (const [, name = '', quoted, plain] of value.matchAll(
    /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;]*)))?/g,
  )) {
    const key = name.toLowerCase();
    const given = quoted ?? plain ?? '';
    const before = directives.get(key);
    // One that is said twice binds by the shorter time.
    directives.set(
      key,
      before === undefined ? given : String(Math.min(wholeSeconds(before), wholeSeconds(given))),
    );
  }
  return directives;
}

/** 0 when it is not said, or in a form that says nothing. */
export function seconds(directives: Directives, name: string): number {
  return wholeSeconds(directives.get(name) ?? '');
}

/** 0 for what is no whole number. */
export function wholeSeconds(text: string): number {
  return isWhole(text) ? Number(text) : 0;
}

/** Whether it says how many seconds, as headers do. */
export function isWhole(text: string): boolean {
  return /^\d{1,10}$/.test(text);
}
