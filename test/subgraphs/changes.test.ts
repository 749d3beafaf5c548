// Each domain tells over Redis what its mutations and erasures change, by every key it knows, and nothing of what changes nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { signCall } from '../../subgraphs/kit/calls/sign-call.ts';
import type { RedisBus } from '../../subgraphs/kit/changes/redis-bus.ts';
import { demoOrders } from '../../subgraphs/kit/demo/orders.ts';
import { demoProducts } from '../../subgraphs/kit/demo/products.ts';
import { erasureScope } from '../../subgraphs/kit/personal-data/erasures-route.ts';
import { type HeardChanges, hearChanges } from '../support/heard-changes.ts';
import { leaveOut } from '../support/left-out.ts';
import { redisBinary, startTestRedis, type TestRedis } from '../support/redis.ts';
import { testRedisBus } from '../support/redis-bus.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

type Ids = Record<string, string>;
type Done = { [field: string]: Done } & string;

interface Mutation {
  domain: string;
  /** Who asks; a new customer unless said. */
  as?: 'ada' | 'mateo' | 'nobody';
  /** Its answer is called `done`. */
  ask: (ids: Ids) => string;
  /** The keys that are told; nothing where there are none. */
  tells?: (ids: Ids) => string[];
  /** What of the answer later ones need. */
  keep?: (done: Done) => Ids;
}

const [first, second] = demoProducts().slice(-2);
if (!first || !second) throw new Error('The demo world has products.');
const errors = 'userErrors { code }';
const email = 'somebody.new@example.com';
const password = 'a long enough password';
const person = `name: "Somebody New", password: "${password}"`;
const address = (city: string, more = '') =>
  `input: { recipient: "S", street: "Weg 1", postalCode: "10115", city: "${city}", country: "DE" ${more} }`;
const card = (token: string, more = '') =>
  `input: { token: "${token}", brand: VISA, last4: "4242", expiryMonth: 1, expiryYear: 2040 ${more} }`;
const opinion = (rating: number, id = first.id) =>
  `input: { productId: "${id}", rating: ${rating}, title: "Quite good", body: "I would buy this again." }`;
const stock = (onHand: number, sku = first.sku) =>
  `input: { sku: "${sku}", warehouseId: "BER", onHand: ${onHand} }`;
const methodsOf = ({ user, method1, method2 }: Ids, all = [method1, method2]) => [
  `User:${user}`,
  ...all.flatMap((id) => [`PaymentMethod:${id}`, `Card:${id}`]),
];
const ofReview = ({ review, user }: Ids) => [`Review:${review}`, `Product:${first.id}`, `User:${user}`];
const ofCart = ({ user }: Ids) => [`Cart:cart-${user}`, `User:${user}`];

const mutations: Mutation[] = [
  {
    domain: 'accounts',
    as: 'nobody',
    ask: () => `signUp(input: { email: "${email}", ${person} }) { token user { id } ${errors} }`,
    tells: ({ user }) => [`User:${user}`],
    keep: ({ token, user }) => ({ token: String(token), user: String(user?.['id']) }),
  },
  {
    domain: 'accounts',
    as: 'nobody',
    ask: () => `signUp(input: { email: "${email}", ${person} }) { ${errors} }`,
  },
  // Sign-ins are told to nobody: the schema lets nobody hold them.
  {
    domain: 'accounts',
    as: 'nobody',
    ask: () => `signIn(input: { email: "${email}", password: "${password}" }) { refreshToken ${errors} }`,
    keep: ({ refreshToken }) => ({ refreshToken: String(refreshToken) }),
  },
  {
    domain: 'accounts',
    as: 'nobody',
    ask: ({ refreshToken }) => `signOut(refreshToken: "${refreshToken}") { ${errors} }`,
  },
  {
    domain: 'accounts',
    ask: () => `updateProfile(input: { displayName: "Some" }) { ${errors} }`,
    tells: ({ user }) => [`User:${user}`],
  },
  { domain: 'accounts', as: 'nobody', ask: () => `updateProfile(input: { locale: "de-DE" }) { ${errors} }` },
  { domain: 'accounts', ask: () => `updateProfile(input: { displayName: "" }) { ${errors} }` },
  {
    domain: 'accounts',
    ask: () => `addAddress(${address('Berlin')}) { address { id } ${errors} }`,
    tells: ({ user, home }) => [`User:${user}`, `Address:${home}`],
    keep: (done) => ({ home: String(done['address']?.['id']) }),
  },
  {
    domain: 'accounts',
    ask: () => `addAddress(${address('Bonn', 'makeDefault: true')}) { address { id } ${errors} }`,
    tells: ({ user, home, office }) => [`User:${user}`, `Address:${home}`, `Address:${office}`],
    keep: (done) => ({ office: String(done['address']?.['id']) }),
  },
  {
    domain: 'accounts',
    ask: ({ home }) => `updateAddress(id: "${home}", ${address('Köln')}) { ${errors} }`,
    tells: ({ user, home, office }) => [`User:${user}`, `Address:${home}`, `Address:${office}`],
  },
  {
    domain: 'accounts',
    as: 'ada',
    ask: ({ home }) => `updateAddress(id: "${home}", ${address('Köln')}) { ${errors} }`,
  },
  {
    domain: 'accounts',
    ask: ({ office }) => `removeAddress(id: "${office}") { ${errors} }`,
    tells: ({ user, home, office }) => [`User:${user}`, `Address:${home}`, `Address:${office}`],
  },
  { domain: 'accounts', ask: ({ office }) => `removeAddress(id: "${office}") { ${errors} }` },

  {
    domain: 'inventory',
    as: 'mateo',
    ask: () => `setStock(${stock(900)}) { ${errors} }`,
    tells: () => [`Product:${first.sku}`],
  },
  { domain: 'inventory', as: 'mateo', ask: () => `setStock(${stock(900, 'nothing')}) { ${errors} }` },
  { domain: 'inventory', ask: () => `setStock(${stock(900)}) { ${errors} }` },

  {
    domain: 'orders',
    ask: () => `addToCart(input: { productId: "${first.id}", quantity: 2 }) { ${errors} }`,
    tells: ofCart,
  },
  {
    domain: 'orders',
    ask: () => `addToCart(input: { productId: "${first.id}", quantity: 98 }) { ${errors} }`,
  },
  {
    domain: 'orders',
    ask: () => `updateCartLine(input: { productId: "${first.id}", quantity: 5 }) { ${errors} }`,
    tells: ofCart,
  },
  {
    domain: 'orders',
    ask: () => `updateCartLine(input: { productId: "${second.id}", quantity: 5 }) { ${errors} }`,
  },
  { domain: 'orders', ask: () => `removeFromCart(productId: "${first.id}") { ${errors} }`, tells: ofCart },
  { domain: 'orders', ask: () => `removeFromCart(productId: "${first.id}") { ${errors} }` },
  { domain: 'orders', ask: () => `clearCart { ${errors} }`, tells: ofCart },

  {
    domain: 'payments',
    ask: () => `addCard(${card('tok_1')}) { paymentMethod { id } ${errors} }`,
    tells: (ids) => methodsOf(ids, [ids['method1']]),
    keep: (done) => ({ method1: String(done['paymentMethod']?.['id']) }),
  },
  {
    domain: 'payments',
    ask: () => `addCard(${card('tok_2', 'makeDefault: true')}) { paymentMethod { id } ${errors} }`,
    tells: (ids) => methodsOf(ids),
    keep: (done) => ({ method2: String(done['paymentMethod']?.['id']) }),
  },
  { domain: 'payments', ask: () => `addCard(${card('tok_2')}) { ${errors} }` },
  {
    domain: 'payments',
    ask: ({ method1 }) => `setDefaultPaymentMethod(id: "${method1}") { ${errors} }`,
    tells: (ids) => methodsOf(ids),
  },
  {
    domain: 'payments',
    as: 'ada',
    ask: ({ method1 }) => `setDefaultPaymentMethod(id: "${method1}") { ${errors} }`,
  },
  {
    domain: 'payments',
    ask: ({ method1 }) => `removePaymentMethod(id: "${method1}") { ${errors} }`,
    tells: (ids) => methodsOf(ids),
  },
  { domain: 'payments', ask: ({ method1 }) => `removePaymentMethod(id: "${method1}") { ${errors} }` },

  {
    domain: 'reviews',
    ask: () => `addReview(${opinion(5)}) { review { id } ${errors} }`,
    tells: ofReview,
    keep: (done) => ({ review: String(done['review']?.['id']) }),
  },
  { domain: 'reviews', ask: () => `addReview(${opinion(5)}) { ${errors} }` },
  { domain: 'reviews', ask: () => `addReview(${opinion(9, second.id)}) { ${errors} }` },
  {
    domain: 'reviews',
    ask: ({ review }) => `updateReview(input: { id: "${review}", rating: 1 }) { ${errors} }`,
    tells: ofReview,
  },
  {
    domain: 'reviews',
    as: 'ada',
    ask: ({ review }) => `updateReview(input: { id: "${review}", rating: 1 }) { ${errors} }`,
  },
  {
    domain: 'reviews',
    as: 'ada',
    ask: ({ review }) => `markReviewHelpful(id: "${review}") { ${errors} }`,
    tells: ofReview,
  },
  {
    domain: 'reviews',
    as: 'ada',
    ask: ({ review }) => `markReviewHelpful(id: "${review}") { ${errors} }`,
  },
  {
    domain: 'reviews',
    ask: ({ review }) => `deleteReview(id: "${review}") { ${errors} }`,
    tells: ofReview,
  },
  { domain: 'reviews', ask: ({ review }) => `deleteReview(id: "${review}") { ${errors} }` },

  {
    domain: 'notifications',
    as: 'ada',
    ask: ({ unread }) => `markNotificationRead(id: "${unread}") { ${errors} }`,
    tells: ({ unread }) => [`Notification:${unread}`, 'User:user-001'],
  },
  { domain: 'notifications', ask: ({ unread }) => `markNotificationRead(id: "${unread}") { ${errors} }` },
  { domain: 'notifications', ask: () => 'markAllNotificationsRead { markedCount }' },

  { domain: 'accounts', ask: () => `eraseMe(password: "not this one") { ${errors} }` },
  {
    domain: 'accounts',
    ask: () => `eraseMe(password: "${password}") { ${errors} }`,
    tells: ({ user, home }) => [`User:${user}`, `Address:${home}`],
  },
];

const customer = 'user-001';
const bought = demoOrders().filter(({ userId }) => userId === customer);
const ofOrders = bought.map(({ id }) => `Order:${id}`);
/** By domain: what is told for certain when the customer is erased there, and the types of all that is told. */
const erasures: [domain: string, keys: string[], types: string[]][] = [
  ['orders', [...ofOrders, ...bought.map(({ number }) => `Order:${number}`)], ['Order', 'Cart', 'User']],
  ['payments', [], ['Card', 'Wallet', 'BankAccount', 'PaymentMethod', 'Payment', 'Order', 'User']],
  ['shipping', [], ['Shipment', 'Order', 'User']],
  ['reviews', [], ['Review', 'Product', 'User']],
  ['notifications', [], ['Notification', 'User']],
  ['recommendations', [], ['User']],
  ['catalog', [], ['User']],
];

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('what domains tell over Redis', 'redis-server is not installed');

describe('what the domains tell', { skip: !installed, timeout: 120_000 }, () => {
  let redis: TestRedis;
  let bus: RedisBus;
  let shop: WholeShop;
  let heard: HeardChanges;
  const tokens: Ids = {};
  const ids: Ids = {};

  before(async () => {
    redis = await startTestRedis();
    bus = await testRedisBus(redis.url);
    shop = await startWholeShop({ changes: bus });
    heard = await hearChanges(redis.url);
    for (const who of ['ada', 'mateo']) tokens[who] = await shop.tokenOf(`${who}@example.com`);
    const inbox = 'notifications(unreadOnly: true, first: 1) { edges { node { id } } }';
    const { _entities } = (await query(
      'notifications',
      `{ _entities(representations: [{ __typename: "User", id: "${customer}" }]) { ... on User { ${inbox} } } }`,
      tokens['ada'],
    )) as { _entities: [{ notifications: { edges: [{ node: { id: string } }] } }] };
    ids['unread'] = _entities[0].notifications.edges[0].node.id;
    await heard.upToNow();
  });
  after(async () => {
    await shop?.stop();
    await bus?.close();
    heard?.stop();
    await redis?.stop();
  });

  async function query(domain: string, document: string, token?: string): Promise<Record<string, unknown>> {
    const response = await fetch(shop.environment.subgraphUrl?.(domain) ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query: document }),
    });
    const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
    return data ?? { errors };
  }

  for (const { domain, as, ask, tells, keep } of mutations) {
    const name = ask({}).replace(/\(.*/s, '');
    test(`${name} of ${domain} ${tells ? 'tells what changed' : 'tells nothing where nothing changed'}`, async () => {
      const token = as === 'nobody' ? undefined : (tokens[as ?? ''] ?? ids['token']);
      const answer = await query(domain, `mutation { done: ${ask(ids)} }`, token);
      const done = answer['done'] as Done | undefined;
      assert.doesNotMatch(JSON.stringify(answer), /GRAPHQL_|BAD_USER_INPUT|INTERNAL/);
      if (tells) assert.deepEqual(done?.['userErrors'], [], JSON.stringify(answer));
      if (keep && done) Object.assign(ids, keep(done));
      const told = (await heard.upToNow()).map(({ keys = [], types }) => ({ keys: [...keys].sort(), types }));
      assert.deepEqual(told, tells ? [{ keys: tells(ids).sort(), types: [] }] : []);
    });
  }

  test('marking all as read tells each of them, and the person', async () => {
    const answer = await query(
      'notifications',
      'mutation { done: markAllNotificationsRead { markedCount } }',
      tokens['ada'],
    );
    const { markedCount } = answer['done'] as { markedCount: number };
    assert.ok(markedCount > 0);
    const [change] = await heard.upToNow();
    const told = change?.keys?.filter((key) => key.startsWith('Notification:'));
    assert.equal(told?.length, markedCount);
    assert.ok(change?.keys?.includes(`User:${customer}`));
  });

  test('whoever asks for their cart first tells that there is one now, and once', async () => {
    const token = await shop.tokenOf('noor@example.com');
    const document = `{ _entities(representations: [{ __typename: "User", id: "user-003" }]) {
      ... on User { id cart { id } } } }`;
    for (const _ of [1, 2]) await query('orders', document, token);
    const change = await heard.next();
    assert.deepEqual(change.keys, ['Cart:cart-user-003', 'User:user-003']);
    assert.deepEqual(await heard.upToNow(), []);
  });

  for (const [domain, keys, types] of erasures) {
    test(`erasing somebody in ${domain} tells all that was theirs`, async () => {
      const url = shop.environment.subgraphUrl?.(domain) ?? '';
      const { callerSecret: secret = '' } = shop.environment;
      const body = JSON.stringify({ userId: customer });
      const call = { secret, from: 'accounts', to: domain, scopes: [erasureScope], body };
      const response = await fetch(new URL('/erasures', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'tributary-caller': signCall(call) },
        body,
      });
      assert.equal(response.status, 200);
      const [change, ...others] = await heard.upToNow();
      assert.deepEqual(others, []);
      assert.deepEqual(new Set(change?.keys?.map((key) => key.split(':')[0])), new Set(types));
      assert.ok(change?.keys?.includes(`User:${customer}`));
      for (const key of keys) assert.ok(change?.keys?.includes(key), key);
    });
  }
});
