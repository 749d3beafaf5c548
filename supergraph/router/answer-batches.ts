// Owns several operations in one request, as a JSON array: each goes its own way, and the answers stand in the same order.
import { clientError } from '../foundation/errors.ts';
import { rateHeaders } from '../limits/rates/rate-headers.ts';
import type { HandleRequest, HttpAnswer } from './handle-request.ts';
import { refusal } from './refusal.ts';

/** `most` operations in one request; arrays are refused where it is 1. The whole has status 200, whatever its parts have. */
export function answerBatches(handle: HandleRequest, most: number): HandleRequest {
  return async (request) => {
    const { json } = request;
    const length = json?.length;
    if (json === undefined || length === undefined) return handle(request);
    if (most === 1) return refused('Several operations in one request are not answered here.');
    if (length === 0) return refused('There is no operation in this request.');
    if (length > most) {
      const reason = `One request may hold ${most} operations at most, and this one has ${length}.`;
      return refusal(clientError('BATCH_LIMIT_EXCEEDED', { reason }), request);
    }
    // Each listens for the end of the client; what they listen to should hear of one listener.
    const listeners: (() => void)[] = [];
    request.whenGone(() => {
      for (const listener of listeners) listener();
    });
    const whenGone = (listener: () => void) => {
      listeners.push(listener);
    };
    const items = json.items();
    if (items === undefined) return refused('An operation in this request is nested too deeply.');
    const answers = await Promise.all(items.map((item) => handle({ ...request, json: item, whenGone })));
    return together(answers);

    function refused(reason: string): HttpAnswer {
      return refusal(clientError('BAD_REQUEST', { reason }), request);
    }
  };
}

function together(answers: readonly HttpAnswer[]): HttpAnswer {
  const headers: (readonly [name: string, value: string])[] = [
    ['content-type', 'application/json; charset=utf-8'],
    ['cache-control', 'no-store'],
  ];
  const told = new Set<string>();
  for (const [name, value] of answers.flatMap((answer) => [...answer.headers])) {
    const line = `${name}: ${value}`;
    if (!partHeaders.has(name) || told.has(line)) continue;
    told.add(line);
    headers.push([name, value]);
  }
  // Each part was counted: the whole says what came of the worst of them.
  headers.push(...rateHeaders(answers.flatMap(({ rates = [] }) => rates)));
  const parts = answers.flatMap(({ body = 'null' }, index) => [index === 0 ? '[' : ',', body]);
  return { status: 200, headers, body: Buffer.concat([...parts, ']'].map((part) => Buffer.from(part))) };
}

/** What is true of the whole when it is true of a part. */
const partHeaders = new Set(['set-cookie', 'sunset', 'link', 'www-authenticate']);
