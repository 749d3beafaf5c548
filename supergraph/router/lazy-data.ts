// Owns handing an answer that is JSON text already through code that expects an object: it becomes one when looked at.

const textKey = Symbol('text');

/** An object that reads like the JSON text of an object, and can be changed like it; parsed at the first touch. */
export function lazyData(json: string): Record<string, unknown> {
  let object: Record<string, unknown> | undefined;
  const parsed = (): Record<string, unknown> => {
    object ??= JSON.parse(json) as Record<string, unknown>;
    return object;
  };
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, key) =>
        key === textKey ? (object === undefined ? json : undefined) : Reflect.get(parsed(), key),
      set: (_, key, value) => Reflect.set(parsed(), key, value),
      has: (_, key) => Reflect.has(parsed(), key),
      deleteProperty: (_, key) => Reflect.deleteProperty(parsed(), key),
      ownKeys: () => Reflect.ownKeys(parsed()),
      getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(parsed(), key),
      defineProperty: (_, key, descriptor) => Reflect.defineProperty(parsed(), key, descriptor),
    },
  );
}

/** JSON text of a value; of lazy data that nobody touched, the text it was made of. */
export function jsonText(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const text: unknown = (value as Record<symbol, unknown>)[textKey];
    if (typeof text === 'string') return text;
  }
  return JSON.stringify(value);
}

/** The JSON text of a whole GraphQL answer, members in their order. */
export function answerText(answer: object): string {
  const members = Object.entries(answer).filter(([, value]) => value !== undefined);
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${jsonText(value)}`).join(',')}}`;
}
