// Owns what the web router is: its view of the graph and its policies, as data.
import { defineBff, field, isSignedIn, lastKnown, omit, value } from '../supergraph/index.ts';
import type { Graph } from './generated/coordinates.ts';

export const web = defineBff<Graph>({
  name: 'bff-web',
  port: 4000,
  contract: { exclude: ['internal'] },
  documents: { folder: 'documents', unregistered: 'allow', automatic: true, batch: 10 },
  // A screen that takes longer has lost whoever waited for it.
  timeout: '10s',
  // Some three times what the dearest of its own pages may cost, with a hundred things on it.
  limits: {
    cost: 2_000,
    rates: {
      // A shop's worth of people may be behind one address. Trying passwords takes more; accounts looks at each account besides.
      signIns: {
        per: 'address',
        of: { fields: ['Mutation.signIn', 'Mutation.signUp'] },
        most: 600,
        in: '10m',
        kind: 'bucket',
      },
      // Nobody writes so much by hand. What is only read has no rate: the most of it lies ready for everybody.
      reviews: {
        per: 'viewer',
        of: { fields: ['Mutation.addReview', 'Mutation.updateReview'] },
        most: 300,
        in: '1h',
      },
    },
  },
  subgraphs: {
    every: {
      timeout: '3s',
      retry: { attempts: 2, budget: '20%' },
      breaker: { opensAt: '50%', of: 10, for: '2s' },
      concurrency: { most: 100, waiting: 100 },
      signed: true,
    },
    // Passwords are slow to check on purpose, and of money and orders nobody wants to be left in the dark.
    accounts: { timeout: '5s' },
    orders: { timeout: '5s' },
    payments: { timeout: '5s' },
  },
  fallbacks: {
    // What stands in for `Product.rating` and `Product.related` their domains say.
    // What everybody sees may be of yesterday before it is not there at all; with prices in it, as old as these may be.
    'Query.categories': [lastKnown({ upTo: '1d' }), omit],
    'Query.category': lastKnown({ upTo: '1d' }),
    'Query.popularProducts': [lastKnown({ upTo: '1d' }), omit],
    'Query.product': lastKnown({ upTo: '1h' }),
    'Query.productBySku': lastKnown({ upTo: '1h' }),
    'Query.search': lastKnown({ upTo: '1h' }),
    // A price holds for minutes only. Without what it is called there is no product, and who leads to it goes without.
    'Product.sku': lastKnown({ upTo: '1d' }),
    'Product.name': lastKnown({ upTo: '1d' }),
    'Product.brand': lastKnown({ upTo: '1d' }),
    'Product.price': lastKnown({ upTo: '10m' }),
    'Product.images': [lastKnown({ upTo: '1d' }), omit],
    'Product.inStock': [lastKnown({ upTo: '1m' }), value(null)],
    'Product.availability': [lastKnown({ upTo: '1m' }), value(null)],
    'Product.stock': value(null),
    'Product.shippingEstimate': [lastKnown({ upTo: '1h' }), value(null)],
    'Product.deliveryOptions': [lastKnown({ upTo: '1h' }), value(null)],
    'Product.reviews': [lastKnown({ upTo: '1h' }), value(null)],
    'Review.author': value(null),
    // Nobody who is signed in shall look as if they were not: without what was known of them it is an error.
    'Query.me': lastKnown({ upTo: '10m' }),
    'User.displayName': [lastKnown({ upTo: '1d' }), value('A customer')],
    'User.avatarUrl': value(null),
    'User.unreadNotificationCount': value(null),
    'User.orders': [lastKnown({ upTo: '10m' }), value(null)],
    'User.paymentMethods': value(null),
    // What sells best is a guess at what may suit them, too.
    'User.recommendations': [lastKnown({ upTo: '1h' }), field('Query.popularProducts', { first: 10 }), omit],
    'Query.orderByNumber': lastKnown({ upTo: '10m' }),
    'Order.payment': [lastKnown({ upTo: '10m' }), value(null)],
    'Order.shipments': [lastKnown({ upTo: '10m' }), value(null)],
    // The name of the day it was bought stands beside it.
    'OrderLine.product': value(null),
    // A cart that is not what it is now would be worse than none.
    'User.cart': value(null),
    'CartLine.product': value(null),
    'Cart.subtotal': value(null),
  },
  // Whoever tries passwords is slowed down by accounts, which must know from where.
  forward: { clientAddress: true },
  identity: {
    issuers: [
      {
        issuer: 'tributary-accounts',
        audiences: ['tributary'],
        jwks: 'http://127.0.0.1:4101/.well-known/jwks.json',
      },
    ],
  },
  permissions: {
    // The domains say this of most; here it holds whatever they say tomorrow.
    Query: { me: isSignedIn },
    User: { email: isSignedIn, addresses: isSignedIn, orders: isSignedIn },
  },
  cache: {
    // What hangs in the shop window; the domains' own hints make it shorter where it changes more often.
    Product: { maxAge: '1m', staleWhileRevalidate: '30s', staleIfError: '1h', scope: 'public' },
    Category: { maxAge: '5m', staleIfError: '1d', scope: 'public' },
    Review: { maxAge: '1m', staleIfError: '1h', scope: 'public' },
    User: { maxAge: '1m', scope: 'public' },
    Order: { maxAge: '10s', scope: 'viewer' },
    'Query.product': { maxAge: '1m', staleIfError: '1h', scope: 'public' },
    'Query.products': { maxAge: '1m', staleIfError: '1h', scope: 'public' },
    'Query.productBySku': { maxAge: '1m', staleIfError: '1h', scope: 'public' },
    'Query.search': { maxAge: '1m', scope: 'public' },
    'Query.categories': { maxAge: '5m', staleIfError: '1d', scope: 'public' },
    'Query.category': { maxAge: '5m', staleIfError: '1d', scope: 'public' },
    'Query.popularProducts': { maxAge: '5m', staleIfError: '1d', scope: 'public' },
    'Query.review': { maxAge: '1m', scope: 'public' },
  },
  samples: 'samples.graphql',
});
