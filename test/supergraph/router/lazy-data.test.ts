// Holds lazy data to reading like the object it stands for, and to costing nothing while nobody looks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerText, jsonText, lazyData } from '../../../supergraph/router/lazy-data.ts';

const json = '{"b":{"__proto__":1},"a":[1,2]}';

test('the text comes back as it was while nobody looks', () => {
  assert.equal(jsonText(lazyData('{ "not": "parsed"')), '{ "not": "parsed"');
  assert.equal(
    answerText({ errors: undefined, data: lazyData(json), extensions: { x: 1 } }),
    `{"data":${json},"extensions":{"x":1}}`,
  );
  assert.equal(answerText({ data: null }), '{"data":null}');
});

test('it reads like the object', () => {
  const data = lazyData(json);
  assert.deepEqual(data['a'], [1, 2]);
  assert.deepEqual(Object.keys(data), ['b', 'a']);
  assert.ok('b' in data);
  assert.equal(JSON.stringify(data), json);
  assert.deepEqual({ ...data }, JSON.parse(json));
});

test('what is changed is in the text', () => {
  const data = lazyData(json);
  data['c'] = true;
  delete data['b'];
  assert.equal(jsonText(data), '{"a":[1,2],"c":true}');
  const frozen = lazyData(json);
  Object.defineProperty(frozen, 'a', { value: 1, enumerable: true, configurable: true });
  assert.equal(jsonText(frozen), '{"b":{"__proto__":1},"a":1}');
});
