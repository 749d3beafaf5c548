// Owns a promise that is settled from outside; Promise.withResolvers came after Node 20.

export interface Deferred<Value> {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (reason: Error) => void;
}

export function deferred<Value>(): Deferred<Value> {
  let settle: Pick<Deferred<Value>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('A promise calls its function at once.');
  return { promise, ...(settle as Pick<Deferred<Value>, 'resolve' | 'reject'>) };
}
