// What strings say stays what they say: through literals, block strings, variables, keys and answers.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const texts: Record<string, string> = {
  'with quotes and backslashes': 'say "hi" \\ \\n and \'so\'',
  'with control characters': 'a\tb\nc\rd\b\f\u0001\u007f',
  'beyond ASCII': 'Grüße, 你好, שלום',
  'with emoji': '👩‍👩‍👧 🇺🇦 𝒳',
  'with separators of lines that JavaScript knows': 'x\u2028y\u2029z',
  'that look like JSON or GraphQL': '{"data":{"__typename":"X"}} {n} $n ... on Book { id } #',
  'that are empty': '',
  'that are names which the router uses': 'representations',
  'that ask for errors': '"errors":[{"message":"x"}]',
};

federationCase({
  name: 'strings',
  subgraphs: {
    notes: {
      sdl: `
        type Query { echo(text: String!, id: ID): String! note(text: String): Note! }
        type Note @key(fields: "text") { text: String! }
      `,
      resolvers: { Query: { echo: (_, { text }) => text, note: (_, { text }) => ({ text }) } },
    },
    lengths: {
      sdl: `type Note @key(fields: "text") { text: String! length: Int same(as: String!): Boolean said(as: String!): String }`,
      resolvers: {
        Note: {
          __resolveReference: entityIn(Object.values(texts).map((text) => ({ text, length: text.length }))),
          same: ({ text }, args) => text === args['as'],
          said: (_, args) => args['as'],
        },
      },
    },
  },
  operations: [
    ...Object.entries(texts).map(([name, text]) => ({
      name: `${name} are unchanged as variables, keys and answers`,
      query: 'query ($text: String!) { echo(text: $text) note(text: $text) { length same(as: $text) text } }',
      variables: { text },
      expect: { data: { echo: text, note: { length: text.length, same: true, text } } },
    })),
    ...Object.entries(texts).map(([name, text]) => ({
      name: `${name} are unchanged as literals`,
      query: `{ echo(text: ${JSON.stringify(text)}) note(text: ${JSON.stringify(text)}) { said(as: ${JSON.stringify(text)}) } }`,
      expect: { data: { echo: text, note: { said: text } } },
    })),
    {
      name: 'in blocks lose their margin alone',
      query: `{ echo(text: """
          First "line"
            second \\n \\u0041
          and \\"""quotes\\"""
        """) note(text: "") { said(as: """one""") } }`,
      expect: {
        data: { echo: 'First "line"\n  second \\n \\u0041\nand """quotes"""', note: { said: 'one' } },
      },
    },
    {
      name: 'with escapes say what the escapes say',
      query: String.raw`{ echo(text: "\u0041\u{1F600}\uD83D\uDE00\/\"\\") note(text: "") { said(as: "\u{1F600}\u000A") } }`,
      expect: { data: { echo: 'A😀😀/"\\', note: { said: '😀\n' } } },
    },
    {
      name: 'with half of a character, which literals cannot hold, are unchanged in variables',
      query: 'query ($text: String!) { echo(text: $text) note(text: $text) { said(as: $text) text } }',
      variables: { text: '\ud800 half' },
      expect: { data: { echo: '\ud800 half', note: { said: null, text: '\ud800 half' } } },
    },
    {
      name: 'may be defaults of variables and look like one',
      query:
        'query ($a: String! = "$b \\"\\"", $b: String = "$a") { a: echo(text: $a) b: note(text: $b) { text } }',
      expect: { data: { a: '$b ""', b: { text: '$a' } } },
    },
  ],
});
