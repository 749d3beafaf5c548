// Owns the demo people every domain's seed agrees on: who they are, what they may do, where they live.
import { chanceOf } from './random.ts';
import { daysBefore, demoEnd } from './time.ts';

export type DemoRole = 'CUSTOMER' | 'MERCHANDISER' | 'SUPPORT' | 'ADMIN';

export interface DemoAddress {
  recipient: string;
  street: string;
  postalCode: string;
  city: string;
  country: string;
}

export interface DemoPerson {
  id: string;
  name: string;
  displayName: string;
  email: string;
  roles: DemoRole[];
  memberSince: Date;
  locale: string;
  addresses: DemoAddress[];
}

export const demoPeopleCount = 200;
/** Of every seeded person. */
export const demoPassword = 'tributary-demo';

/** The first four are fixed, because the README names them. */
const named: { name: string; email: string; roles: DemoRole[] }[] = [
  { name: 'Ada Lindqvist', email: 'ada@example.com', roles: ['CUSTOMER'] },
  { name: 'Mateo Ferrari', email: 'mateo@example.com', roles: ['CUSTOMER', 'MERCHANDISER'] },
  { name: 'Noor Haddad', email: 'noor@example.com', roles: ['CUSTOMER', 'SUPPORT'] },
  { name: 'Ines Okafor', email: 'ines@example.com', roles: ['CUSTOMER', 'ADMIN'] },
];

const firstNames =
  'Amira Anton Beatriz Bruno Camille Chidi Clara Daniel Elif Emil Eva Felix Fatou Giulia Hana Henrik Ida Ivan Jana Jonas Kaito Karin Leila Leon Lucia Luka Maja Marek Mila Nils Nina Olga Omar Paula Pavel Petra Rafael Rosa Samir Selma Sofia Stefan Tara Theo Ulla Vera Viktor Yara Yusuf Zoe'.split(
    ' ',
  );
const lastNames =
  'Almeida Andersen Bauer Becker Bianchi Costa Dubois Eriksen Fischer Garcia Gruber Hansen Horvat Ibrahim Jansen Keller Kowalska Kral Laurent Lehmann Lopez Mahler Marino Meyer Moreau Nagy Novak Olsen Papadakis Petrov Pereira Pichler Ricci Romero Rossi Sato Schmid Silva Svensson Tanaka Toth Varga Vogel Weber Wolf Yilmaz Zeman'.split(
    ' ',
  );
const towns = [
  { city: 'Vienna', country: 'AT', locale: 'de-AT', postalPrefix: '10' },
  { city: 'Berlin', country: 'DE', locale: 'de-DE', postalPrefix: '101' },
  { city: 'Paris', country: 'FR', locale: 'fr-FR', postalPrefix: '750' },
  { city: 'Rome', country: 'IT', locale: 'it-IT', postalPrefix: '001' },
  { city: 'Madrid', country: 'ES', locale: 'es-ES', postalPrefix: '280' },
  { city: 'Lisbon', country: 'PT', locale: 'pt-PT', postalPrefix: '1100-0' },
  { city: 'Copenhagen', country: 'DK', locale: 'da-DK', postalPrefix: '21' },
  { city: 'Prague', country: 'CZ', locale: 'cs-CZ', postalPrefix: '110' },
] as const;
const streets = [
  'Harbour Street',
  'Mill Lane',
  'Station Road',
  'Linden Alley',
  'River Walk',
  'Market Square',
  'Orchard Way',
  'Old Bridge Road',
];

/** `user-001` for 1. */
export function personId(number: number): string {
  return `user-${String(number).padStart(3, '0')}`;
}

/** Person `number`, from 1 to `demoPeopleCount`. */
export function personAt(number: number): DemoPerson {
  const chance = chanceOf('person', number);
  const fixed = named[number - 1];
  const first = chance.pick(firstNames);
  const last = chance.pick(lastNames);
  const name = fixed?.name ?? `${first} ${last}`;
  const home = chance.pick(towns);
  const addresses = Array.from({ length: chance.whole(1, 3) }, (_, index) => {
    const town = index === 0 ? home : chance.pick(towns);
    return {
      recipient: name,
      street: `${chance.pick(streets)} ${chance.whole(1, 120)}`,
      postalCode: `${town.postalPrefix}${chance.whole(10, 99)}`,
      city: town.city,
      country: town.country,
    };
  });
  return {
    id: personId(number),
    name,
    displayName: `${name.split(' ')[0]} ${name.split(' ')[1]?.[0]}.`,
    // The number keeps two people of one name apart.
    email: fixed?.email ?? `${first}.${last}.${number}@example.com`.toLowerCase(),
    roles: fixed?.roles ?? ['CUSTOMER'],
    memberSince: daysBefore(demoEnd, chance.whole(560, 1400)),
    locale: home.locale,
    addresses,
  };
}

/** All demo people in the order of their numbers. */
export function demoPeople(): DemoPerson[] {
  return Array.from({ length: demoPeopleCount }, (_, index) => personAt(index + 1));
}
