// Owns the first screen of the app: one question to the graph, and what of its answer stands where.
import { GraphQLError } from 'graphql';
import type { RootViewContext, ViewAnswer } from '../../supergraph/index.ts';
import { badArgument } from './bad-argument.ts';
import { type InLanguages, speechFor } from './languages.ts';

interface Reference {
  id: string;
}

/** What `documents/home-parts.graphql` is answered with; what could not be had is null. */
export interface HomeParts {
  me?: {
    displayName: string;
    unreadNotificationCount: number | null;
    cart: { itemCount: number } | null;
    orders: { edges: readonly { node: Reference }[] } | null;
    recommendations: readonly Reference[] | null;
  } | null;
  popularProducts?: readonly Reference[] | null;
}

type Part<Value> = Value | null | GraphQLError;

export interface HomeScreen {
  greeting: string;
  unreadCount: Part<number>;
  cartCount: Part<number>;
  latestOrder: Part<Reference>;
  shelfTitle: string;
  shelf: Part<readonly Reference[]>;
}

interface Texts {
  /** `{name}` is who is greeted. */
  hello: string;
  welcome: string;
  picked: string;
  popular: string;
}

const texts: InLanguages<Texts> = {
  en: {
    hello: 'Good to see you, {name}',
    welcome: 'Welcome',
    picked: 'Picked for you',
    popular: 'What everybody buys',
  },
  de: {
    hello: 'Schön, dass Sie da sind, {name}',
    welcome: 'Willkommen',
    picked: 'Für Sie ausgesucht',
    popular: 'Was alle kaufen',
  },
  fr: {
    hello: 'Heureux de vous revoir, {name}',
    welcome: 'Bienvenue',
    picked: 'Choisis pour vous',
    popular: 'Les plus achetés',
  },
  it: {
    hello: 'Che bello rivederti, {name}',
    welcome: 'Benvenuti',
    picked: 'Scelti per te',
    popular: 'I più acquistati',
  },
  es: {
    hello: 'Qué bien verte, {name}',
    welcome: 'Te damos la bienvenida',
    picked: 'Elegido para ti',
    popular: 'Lo más comprado',
  },
  pt: {
    hello: 'Que bom ver-te, {name}',
    welcome: 'As nossas boas-vindas',
    picked: 'Escolhido para ti',
    popular: 'Os mais comprados',
  },
  da: {
    hello: 'Godt at se dig, {name}',
    welcome: 'Velkommen',
    picked: 'Udvalgt til dig',
    popular: 'Det køber alle',
  },
  cs: {
    hello: 'Rádi vás vidíme, {name}',
    welcome: 'Vítejte',
    picked: 'Vybráno pro vás',
    popular: 'Co všichni kupují',
  },
};

const mostOnShelf = 24;

/** Products and orders come as their ids: what of them is drawn is theirs to say, and the router asks for all at once. */
export async function home(
  { first }: { first: number },
  { viewer, locale, ask }: Pick<RootViewContext, 'viewer' | 'locale' | 'ask'>,
): Promise<HomeScreen> {
  if (first < 1 || first > mostOnShelf) throw badArgument('first', `be 1 to ${mostOnShelf}`);
  const signedIn = viewer.id !== null;
  const answer = await ask<HomeParts>('HomeParts', { signedIn, first });
  return arrange(answer, signedIn, locale);
}

/** A part is an error where it should have been there and is not, and null where there is nothing to show. */
export function arrange(
  { data, errors }: ViewAnswer<HomeParts>,
  signedIn: boolean,
  locale: string,
): HomeScreen {
  const { texts: words } = speechFor(texts, locale);
  const me = data?.me ?? null;
  const orFailure = <Value>(value: Value | null | undefined): Part<Value> =>
    value ?? (errors.length > 0 ? failed() : null);
  const personal = <Value>(value: Value | null | undefined): Part<Value> =>
    signedIn ? orFailure(value) : null;
  // Nothing bought yet is no failure.
  const latest = me?.orders ? (me.orders.edges[0]?.node ?? null) : personal<Reference>(null);
  return {
    greeting: me === null ? words.welcome : words.hello.replace('{name}', () => me.displayName),
    unreadCount: personal(me?.unreadNotificationCount),
    cartCount: personal(me?.cart?.itemCount),
    latestOrder: latest,
    shelfTitle: signedIn ? words.picked : words.popular,
    shelf: orFailure(signedIn ? me?.recommendations : data?.popularProducts),
  };
}

function failed(): GraphQLError {
  return new GraphQLError('This part cannot be had now.', { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
}
