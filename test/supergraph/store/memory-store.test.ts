// Holds the memory store to its bounds and its clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../../supergraph/store/memory-store.ts';

const entry = (key: string, value = key, ttl = 1000) => ({ key, value, ttl });

test('answers in the order of the keys, undefined for what it does not know', async () => {
  const store = createMemoryStore();
  await store.set([entry('a'), entry('b', '')]);
  assert.deepEqual(await store.get(['b', 'x', 'a', 'a']), ['', undefined, 'a', 'a']);
  await store.delete(['a', 'x']);
  assert.deepEqual(await store.get(['a', 'b']), [undefined, '']);
});

test('forgets an entry when its time is over', async () => {
  let now = 0;
  const store = createMemoryStore({ now: () => now });
  await store.set([entry('a', 'a', 100), entry('never', 'x', 0)]);
  now = 99;
  assert.deepEqual(await store.get(['a', 'never']), ['a', undefined]);
  now = 100;
  assert.deepEqual(await store.get(['a']), [undefined]);
});

test('the least recently used entry goes first', async () => {
  const store = createMemoryStore({ entries: 2 });
  await store.set([entry('a'), entry('b')]);
  await store.get(['a']);
  await store.set([entry('c')]);
  assert.deepEqual(await store.get(['a', 'b', 'c']), ['a', undefined, 'c']);
});

test('is bounded in size too, and an entry larger than all of it is not kept', async () => {
  const store = createMemoryStore({ characters: 10 });
  await store.set([entry('a', '1234'), entry('b', '1234')]);
  assert.deepEqual(await store.get(['a', 'b']), ['1234', '1234']);
  await store.set([entry('a', '12345')]);
  assert.deepEqual(await store.get(['a', 'b']), ['12345', undefined]);
  await store.set([entry('huge', '1234567')]);
  assert.deepEqual(await store.get(['huge', 'a']), [undefined, '12345']);
});
