// Owns which inventories of personal data are refused when they are declared, and how one is written down for people.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definePersonalData } from '../../../../subgraphs/kit/personal-data/define-personal-data.ts';
import { personalDataChapters } from '../../../support/personal-data.ts';
import { bookclubSubgraph } from './bookclub/bookclub.ts';

interface Tables {
  people: { id: string; name: string };
  pets: { id: string; person_id: string; name: string };
  toys: { id: string; pet_id: string; name: string };
}
const people = {
  person: 'id',
  onErasure: 'remove',
  personal: { id: 'who', name: 'what they are called' },
} as const;
const pets = {
  person: { through: 'person_id', to: 'people' },
  onErasure: 'remove',
  personal: { person_id: 'whose' },
  others: ['id', 'name'],
} as const;
const toys = { others: ['id', 'pet_id', 'name'] } as const;

const refused: [what: string, declare: () => unknown, sentence: RegExp][] = [
  [
    'classifies a column twice',
    () => definePersonalData<Tables>({ people: { ...people, others: ['name'] }, pets, toys }),
    /^people\.name is in the inventory twice\.$/,
  ],
  [
    'seals a name in one table and not in another',
    () =>
      definePersonalData<Tables>({
        people: { ...people, personal: { id: 'who', name: { what: 'called', sealed: true } } },
        pets,
        toys,
      }),
    /^name is sealed in one table and not in pets: call one of them otherwise\.$/,
  ],
  [
    'leads to a table without people',
    () =>
      definePersonalData<Tables>({
        people,
        pets: { ...pets, person: { through: 'person_id', to: 'toys' } },
        toys,
      }),
    /^No person is found from a row of pets\.$/,
  ],
  [
    'leads round in a circle',
    () =>
      definePersonalData<Tables>({
        people: { ...people, person: { through: 'id', to: 'pets' } },
        pets,
        toys,
      }),
    /^No person is found from a row of people\.$/,
  ],
  [
    'finds people by what is sealed',
    () =>
      definePersonalData<Tables>({
        people,
        pets: { ...pets, personal: { person_id: { what: 'whose', sealed: true } } },
        toys,
      }),
    /^pets\.person_id is sealed, so nobody is found by it\.$/,
  ],
  [
    'names a key that it does not know',
    () =>
      definePersonalData<Tables>({
        people,
        pets: { ...pets, others: ['id'], entities: { Pet: ['id', 'name'] } },
        toys,
      }),
    /^pets\.name is a key and not in the inventory\.$/,
  ],
  [
    'names a key that is sealed',
    () =>
      definePersonalData<Tables>({
        people: {
          ...people,
          personal: { id: 'who', name: { what: 'called', sealed: true } },
          entities: { Person: 'name' },
        },
        pets: { ...pets, others: ['id'] },
        toys: { others: ['id', 'pet_id'] },
      }),
    /^people\.name is a key and sealed\.$/,
  ],
  [
    'blanks what it does not know',
    () =>
      definePersonalData<Tables>({
        people,
        pets: { ...pets, others: ['id'], onErasure: { keep: 'for fun', blank: { name: '' } } },
        toys,
      }),
    /^pets\.name is blanked and not in the inventory\.$/,
  ],
];
for (const [what, declare, sentence] of refused) {
  test(`an inventory that ${what} is refused`, () => {
    assert.throws(declare, (error: Error) => sentence.test(error.message));
  });
}

test('an inventory is written down with what becomes of each column', () => {
  assert.equal(
    personalDataChapters([bookclubSubgraph(), bookclubSubgraph({ sealed: false })]),
    `## bookclub

| column | what it is | at rest | exported | on erasure |
|---|---|---|---|---|
| \`readers.user_id\` | who it is | plain | yes | blanked |
| \`readers.name\` | what they are called | sealed | yes | blanked |
| \`readers.email\` | where they are written to | plain | yes | blanked |
| \`readers.born\` | the year of birth | plain | yes | blanked |
| \`readers.card\` | what their card is charged by | sealed | no | blanked |
| \`loans.reader_id\` | who borrowed | plain | yes | stays: the loans of a year are counted |
| \`loans.book\` | what they read | plain | yes | stays: the loans of a year are counted |
| \`loans.note\` | what was said of them | plain | yes | blanked |
| \`reminders.text\` | what they were written | sealed | yes | removed with its row |
| \`branches.door_code\` | what opens the door | sealed | no | stays: it is about nobody |
`,
  );
});
