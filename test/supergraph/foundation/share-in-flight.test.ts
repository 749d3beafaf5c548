// Holds sharing to its word: equal work under way is done once, and given up when nobody waits for it any more.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Cancellation } from '../../../supergraph/foundation/cancellation.ts';
import { createShareInFlight, type Flight } from '../../../supergraph/foundation/share-in-flight.ts';

interface Work {
  signal: Cancellation;
  answer: (text: string) => void;
  fail: (error: Error) => void;
}

/** Shares work that ends when a test says so; `begun` has every piece of work, in order. */
function shareUnderTest() {
  const share = createShareInFlight<string>();
  const begun: Work[] = [];
  const ask = (key: string | undefined): Flight<string> =>
    share(
      key,
      (signal) =>
        new Promise((answer, fail) => {
          begun.push({ signal, answer, fail });
        }),
    );
  const work = (index: number): Work => begun[index] ?? assert.fail(`${begun.length} were begun`);
  return { share, begun, ask, work };
}

const gone = new Error('gone');

describe('work under a key', () => {
  test('is begun at once, with a signal that nobody has aborted', () => {
    const { ask, begun, work } = shareUnderTest();
    ask('a');
    assert.equal(begun.length, 1);
    assert.equal(work(0).signal.aborted, false);
  });

  const pairs: [string, string | undefined, string | undefined, number][] = [
    ['equal keys are one piece of work', 'a', 'a', 1],
    ['an empty key is a key', '', '', 1],
    ['other keys are other work', 'a', 'b', 2],
    ['without a key nothing is shared', undefined, undefined, 2],
    ['nobody joins with a key what has none', undefined, 'a', 2],
    ['nobody joins without a key what has one', 'a', undefined, 2],
    ['names that every object has are keys like others', 'constructor', '__proto__', 2],
  ];
  for (const [name, first, second, count] of pairs) {
    test(name, async () => {
      const { ask, begun } = shareUnderTest();
      const flights = [ask(first), ask(second)];
      assert.equal(begun.length, count);
      for (const [index, { answer }] of begun.entries()) answer(`answer ${index}`);
      assert.deepEqual(await Promise.all(flights.map(({ answer }) => answer)), [
        'answer 0',
        `answer ${count - 1}`,
      ]);
    });
  }

  test('gives its answer to all, and is begun anew for the next', async () => {
    const { ask, begun, work } = shareUnderTest();
    const flights = Array.from({ length: 1_000 }, () => ask('a'));
    work(0).answer('first');
    for (const { answer } of flights) assert.equal(await answer, 'first');
    const next = ask('a');
    work(1).answer('second');
    assert.equal(await next.answer, 'second');
    assert.equal(begun.length, 2);
  });

  test('gives its failure to all, and is begun anew for the next', async () => {
    const { ask, work } = shareUnderTest();
    const flights = [ask('a'), ask('a'), ask('a')];
    const failure = new Error('no');
    work(0).fail(failure);
    for (const { answer } of flights) await assert.rejects(answer, failure);
    const next = ask('a');
    work(1).answer('well');
    assert.equal(await next.answer, 'well');
  });

  test('that fails before it returns a promise is a failure too, and is begun anew for the next', async () => {
    const { share, ask, work } = shareUnderTest();
    const failure = new Error('at once');
    const flight = share('a', () => {
      throw failure;
    });
    await assert.rejects(flight.answer, failure);
    const next = ask('a');
    work(0).answer('well');
    assert.equal(await next.answer, 'well');
  });

  test('that is done before anybody else asks is not joined', async () => {
    const { share, ask, work } = shareUnderTest();
    assert.equal(await share('a', async () => 'early').answer, 'early');
    const next = ask('a');
    work(0).answer('late');
    assert.equal(await next.answer, 'late');
  });
});

describe('who waits no longer', () => {
  test('leaves the others their answer', async () => {
    const { ask, work } = shareUnderTest();
    const [first, second, third] = [ask('a'), ask('a'), ask('a')];
    first.leave(gone);
    third.leave(gone);
    assert.equal(work(0).signal.aborted, false);
    work(0).answer('here');
    assert.equal(await second.answer, 'here');
  });

  test('leaves room for others to join', async () => {
    const { ask, begun, work } = shareUnderTest();
    const [first, second] = [ask('a'), ask('a')];
    first.leave(gone);
    const third = ask('a');
    second.leave(gone);
    assert.equal(begun.length, 1);
    assert.equal(work(0).signal.aborted, false);
    third.leave(gone);
    assert.equal(work(0).signal.aborted, true);
  });

  for (const key of ['a', undefined]) {
    test(`aborts the work, with a reason, as the last one to leave ${key ? 'a' : 'no'} key`, () => {
      const { ask, work } = shareUnderTest();
      ask(key).leave(gone);
      assert.equal(work(0).signal.aborted, true);
      assert.equal(work(0).signal.reason, gone);
    });
  }

  test('the last to leave gives the reason', () => {
    const { ask, work } = shareUnderTest();
    const [first, second] = [ask('a'), ask('a')];
    second.leave(new Error('earlier'));
    first.leave(gone);
    assert.equal(work(0).signal.reason, gone);
  });

  test('is not followed into work that was given up, even while that is still ending', async () => {
    const { ask, begun, work } = shareUnderTest();
    const first = ask('a');
    first.leave(gone);
    const second = ask('a');
    assert.equal(begun.length, 2);
    work(0).fail(gone);
    await assert.rejects(first.answer, gone);
    const third = ask('a');
    assert.equal(begun.length, 2, 'the end of the first is not the end of the second');
    work(1).answer('anew');
    assert.deepEqual(await Promise.all([second.answer, third.answer]), ['anew', 'anew']);
  });

  test('does no harm to the next when it leaves after the answer', async () => {
    const { ask, begun, work } = shareUnderTest();
    const first = ask('a');
    work(0).answer('one');
    await first.answer;
    const second = ask('a');
    first.leave(gone);
    const third = ask('a');
    assert.equal(begun.length, 2);
    assert.equal(work(1).signal.aborted, false);
    work(1).answer('two');
    assert.deepEqual(await Promise.all([second.answer, third.answer]), ['two', 'two']);
  });

  test('leaves work under other keys alone', () => {
    const { ask, work } = shareUnderTest();
    const [first] = [ask('a'), ask('b')];
    first.leave(gone);
    assert.deepEqual([work(0).signal.aborted, work(1).signal.aborted], [true, false]);
  });
});
