// Owns what made-up values look like: by a scalar's name, then by words in the field's.
import type { Faker } from '@faker-js/faker';
import { faker } from '@faker-js/faker/locale/en';
import { type GraphQLNamedOutputType, isEnumType } from 'graphql';
import { numberFrom } from './number-from.ts';

/** Where a leaf stands. */
export interface LeafPlace {
  type: GraphQLNamedOutputType;
  /** The type that the field is of. */
  owner: string;
  /** Tells the object from others. */
  ownerKey: string;
  field: string;
  /** Tells the value from others. */
  key: string;
}

export type FakeLeaf = (place: LeafPlace) => unknown;

type Word = (make: Faker, place: LeafPlace, person: Person) => unknown;
type Words = readonly (readonly [RegExp, Word])[];

interface Person {
  firstName: string;
  lastName: string;
}

/** The day that all dates are near. */
const today = new Date('2026-11-15T12:00:00.000Z');

/** Makes values that are the same for the same seed and place. */
export function fakeLeaves(seed: number): FakeLeaf {
  return (place) => {
    const { type, field, ownerKey, key } = place;
    // A person's names and addresses go together.
    faker.seed(numberFrom(seed, ownerKey));
    const person = { firstName: faker.person.firstName(), lastName: faker.person.lastName() };
    faker.seed(numberFrom(seed, key));
    if (isEnumType(type)) return faker.helpers.arrayElement(type.getValues()).value;
    const byName = byScalar[type.name] ?? texts;
    return byName.find(([words]) => words.test(field))?.[1](faker, place, person);
  };
}

const any = /(?:)/;
const between =
  (min: number, max: number): Word =>
  (make) =>
    make.number.int({ min, max });

const counts: Words = [
  [/amount|price|cost|total$|subtotal/i, (make) => make.number.int({ min: 4, max: 300 }) * 100 - 1],
  [/^min|rating|stars|quantity/i, between(1, 4)],
  [/^max/i, between(5, 9)],
  [/percent/i, between(0, 100)],
  [/month/i, between(1, 12)],
  [/year/i, between(2027, 2031)],
  [/width/i, () => 800],
  [/height/i, () => 600],
  [/grams|weight/i, between(100, 5000)],
  [any, between(1, 60)],
];

const dates: Words = [
  [/expir|until|ends?|renew/i, (make) => make.date.future({ years: 5, refDate: '2030-01-01' })],
  [/estimated|due|arriv|will/i, (make) => make.date.soon({ days: 7, refDate: today })],
  [any, (make) => make.date.recent({ days: 300, refDate: today })],
];

const texts: Words = [
  [/email/i, emailOf],
  [/firstName|givenName/i, (_make, _place, { firstName }) => firstName],
  [/lastName|familyName|surname/i, (_make, _place, { lastName }) => lastName],
  [
    /displayName|nickname/i,
    (_make, _place, { firstName, lastName }) => `${firstName} ${lastName.charAt(0)}.`,
  ],
  [/recipient|fullName|author|holder/i, nameOf],
  [/^(name|title)$/i, (make, place, person) => titleOf(make, place, person)],
  [/productName/i, (make) => make.commerce.productName()],
  [/brand|company|maker|bankName|provider|supplier|carrier/i, (make) => make.company.name()],
  [/avatar|portrait|image|thumbnail|picture|photo/i, picture],
  [/ur[li]$|link|href/i, (make) => make.internet.url({ appendSlash: false })],
  [/slug|handle/i, (make) => make.lorem.slug(2)],
  [/street|line1/i, (make) => make.location.streetAddress()],
  [/city|town|location/i, (make) => make.location.city()],
  [/postal|zip/i, (make) => make.location.zipCode('#####')],
  [/country/i, (make) => make.location.countryCode()],
  [/phone/i, (make) => make.phone.number({ style: 'international' })],
  [/network|ip$|address$/i, (make) => make.internet.ipv4()],
  [/token|secret|cursor|hash/i, (make) => make.string.alphanumeric(32)],
  [/last4/i, (make) => make.string.numeric(4)],
  [
    /sku|number|code|reference/i,
    (make) => `${make.string.alpha({ length: 3, casing: 'upper' })}-${make.string.numeric(4)}`,
  ],
  [/description|body|text|note|comment|message/i, (make) => make.lorem.sentences(2)],
  [/colou?r/i, (make) => make.color.rgb()],
  [any, (make) => sentenceCase(make.lorem.words(3))],
];

const byScalar: Readonly<Record<string, Words>> = {
  String: texts,
  ID: [
    [
      any,
      (make, { field }) =>
        `${field.replace(/Ids?$/, '').toLowerCase()}-${make.number.int({ min: 1, max: 50 })}`,
    ],
  ],
  Boolean: [[any, (make) => make.datatype.boolean()]],
  Int: counts,
  Float: [
    [/rating|average|stars/i, (make) => make.number.float({ min: 1, max: 5, fractionDigits: 1 })],
    [any, (make) => make.number.float({ min: 0, max: 100, fractionDigits: 2 })],
  ],
  PositiveInt: counts,
  NonNegativeInt: counts,
  BigInt: counts,
  Long: counts,
  Decimal: [[any, (make) => make.commerce.price()]],
  DateTime: dates.map(([words, date]): Words[number] => [
    words,
    (...place) => (date(...place) as Date).toISOString(),
  ]),
  Date: dates.map(([words, date]): Words[number] => [
    words,
    (...place) => (date(...place) as Date).toISOString().slice(0, 10),
  ]),
  Time: [[any, (make) => make.date.recent({ refDate: today }).toISOString().slice(11)]],
  URL: [
    [/avatar|image|thumbnail|picture|photo/i, picture],
    [
      any,
      (make, place, person) =>
        /image/i.test(place.owner) ? picture(make, place, person) : make.internet.url(),
    ],
  ],
  EmailAddress: [[any, emailOf]],
  CountryCode: [[any, (make) => make.location.countryCode()]],
  // One shop, one currency: sums would make no sense otherwise.
  Currency: [[any, () => 'EUR']],
  Locale: [[any, (make) => make.helpers.arrayElement(['de-AT', 'en-GB', 'fr-FR', 'it-IT'])]],
  UUID: [[any, (make) => make.string.uuid()]],
  JSON: [[any, (make) => ({ note: make.lorem.sentence() })]],
};

function titleOf(make: Faker, place: LeafPlace, person: Person): string {
  if (/user|person|customer|author|member|viewer/i.test(place.owner)) return nameOf(make, place, person);
  if (/product|item|article/i.test(place.owner)) return make.commerce.productName();
  if (/category|department/i.test(place.owner)) return make.commerce.department();
  if (/carrier|brand|company|bank/i.test(place.owner)) return make.company.name();
  return sentenceCase(make.lorem.words(3));
}

function nameOf(_make: Faker, _place: LeafPlace, { firstName, lastName }: Person): string {
  return `${firstName} ${lastName}`;
}

function emailOf(_make: Faker, _place: LeafPlace, { firstName, lastName }: Person): string {
  return `${firstName}.${lastName}@example.com`.toLowerCase().replaceAll(/[^a-z.@]/g, '');
}

function picture(make: Faker, _place: LeafPlace, _person: Person): string {
  return `https://picsum.photos/seed/${make.lorem.word()}/800/600`;
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
