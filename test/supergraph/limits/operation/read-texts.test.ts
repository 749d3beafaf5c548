// Holds what is told of a text before it is parsed to what the parsers make of it: tokens of GraphQL, levels of JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';
import { checkText } from '../../../../supergraph/limits/operation/check-text.ts';
import { isDeeperThan } from '../../../../supergraph/limits/operation/json-depth.ts';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000));
const draws = Number(process.env['DRAWS'] ?? 3_000);

/** Mulberry32. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pieces = [
  ...'{}()[]:!$=|&@,"# \n\r\t\\_-.',
  ...['...', 'name', '_a1', '1', '-1', '1.5', '1e5', '1E-5', '1.5e+5', '-0', '0', '""', '"a"', '"a b"'],
  ...[
    '"\\""',
    '"\\\\"',
    '"\\u00e9"',
    '"""',
    '""""""',
    '"""a " "" b"""',
    '"""\\""""""',
    '# a { "',
    '\ufeff',
    'é',
  ],
];

/** Of what the lexer reads before it says that it cannot go on. */
function tokensOf(text: string): { tokens: number; isWhole: boolean } {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  try {
    while (lexer.advance().kind !== TokenKind.EOF) tokens += 1;
    return { tokens, isWhole: true };
  } catch (error) {
    if (error instanceof GraphQLError) return { tokens, isWhole: false };
    throw error;
  }
}

test(`a text has as many tokens as the lexer finds (seed ${seed})`, () => {
  const random = randomFrom(seed);
  let whole = 0;
  for (let draw = 0; draw < draws; draw++) {
    const length = Math.floor(random() * 12);
    const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
    const { tokens, isWhole } = tokensOf(text);
    const isRefused = (most: number): boolean =>
      checkText(text, { tokens: most, directives: 100 })?.extensions['code'] === 'TOKEN_LIMIT_EXCEEDED';
    if (tokens > 0) assert.equal(isRefused(tokens - 1), true, JSON.stringify(text));
    if (isWhole) {
      whole += 1;
      assert.equal(isRefused(tokens), false, JSON.stringify(text));
    }
  }
  assert.ok(whole > draws / 20, `${whole} could be read`);
});

test(`a JSON text is as deep as its value (seed ${seed})`, () => {
  const random = randomFrom(seed);
  const texts = ['[', ']', '{', '}', '"', '\\', '\\"', '"}]', 'a', ''];
  function drawn(most: number): { value: unknown; depth: number } {
    const kind = random();
    if (most === 0 || kind < 0.2) {
      const length = Math.floor(random() * 6);
      const value = Array.from({ length }, () => texts[Math.floor(random() * texts.length)]).join('');
      return { value, depth: 0 };
    }
    const inner = Array.from({ length: 1 + Math.floor(random() * 2) }, () => drawn(most - 1));
    const values = inner.map(({ value }) => value);
    const depth = 1 + Math.max(...inner.map((one) => one.depth));
    if (kind < 0.6) return { value: values, depth };
    return { value: Object.fromEntries(values.map((value, index) => [`k"[${index}`, value])), depth };
  }
  for (let draw = 0; draw < draws; draw++) {
    const { value, depth } = drawn(6);
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
      assert.equal(isDeeperThan(text, depth), false, text);
      if (depth > 0) assert.equal(isDeeperThan(text, depth - 1), true, text);
    }
  }
});
