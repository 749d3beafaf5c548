// Owns what the mobile router is: its view of the graph and its policies, as data.
import { defineBff, isSignedIn, lastKnown, omit, value } from '../supergraph/index.ts';
import type { Graph } from './generated/coordinates.ts';

export const mobile = defineBff<Graph>({
  name: 'bff-mobile',
  port: 4001,
  contract: { include: ['mobile'] },
  views: 'views',
  documents: { folder: 'documents', unregistered: 'reject', batch: 10 },
  clients: {
    ios: {
      minimum: '3.0.0',
      sunset: { '3.4.0': '2027-03-31' },
      store: 'https://apps.apple.com/app/tributary/id0000000000',
      arguments: { first: { maximum: 50 }, width: { maximum: 1200 } },
    },
    android: {
      minimum: '3.2.0',
      store: 'https://play.google.com/store/apps/details?id=example.tributary',
      arguments: { first: { maximum: 50 }, width: { maximum: 1200 } },
    },
  },
  // A phone gives up sooner than a browser does.
  timeout: '8s',
  // Some six times what the dearest of its screens may cost, with the largest pages that clients may ask for.
  limits: {
    cost: 1_000,
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
    // Passwords are slow to check on purpose, and of orders nobody wants to be left in the dark.
    accounts: { timeout: '4s' },
    orders: { timeout: '4s' },
    // Its screens wait for other subgraphs: one that is too slow shall cost its part, not all of them. It runs in here,
    // so there is nobody to be spared, and what fails for one person says nothing of the next.
    'bff-mobile-views': { timeout: '7s' },
  },
  fallbacks: {
    // What stands in for `Product.rating` and `Product.related` their domains say.
    'Query.home': lastKnown({ upTo: '10m' }),
    'HomeScreen.unreadCount': value(null),
    'HomeScreen.cartCount': value(null),
    'HomeScreen.latestOrder': value(null),
    'HomeScreen.shelf': omit,
    'Query.categories': [lastKnown({ upTo: '1d' }), omit],
    'Query.popularProducts': [lastKnown({ upTo: '1d' }), omit],
    'Query.product': lastKnown({ upTo: '1h' }),
    'Query.search': lastKnown({ upTo: '1h' }),
    // What a card says in words is old as soon as what it speaks of is.
    'Product.name': lastKnown({ upTo: '1d' }),
    'Product.brand': lastKnown({ upTo: '1d' }),
    'Product.price': lastKnown({ upTo: '10m' }),
    'Product.priceText': [lastKnown({ upTo: '10m' }), value(null)],
    'Product.thumbnail': [lastKnown({ upTo: '1d' }), value(null)],
    'Product.ratingText': [lastKnown({ upTo: '1d' }), value(null)],
    'Product.inStock': [lastKnown({ upTo: '1m' }), value(null)],
    'Product.stockLabel': [lastKnown({ upTo: '1m' }), value(null)],
    'Product.deliveryText': [lastKnown({ upTo: '1m' }), value(null)],
    'Product.reviews': [lastKnown({ upTo: '1h' }), value(null)],
    'Review.author': value(null),
    // Nobody who is signed in shall look as if they were not: without what was known of them it is an error.
    'Query.me': lastKnown({ upTo: '10m' }),
    'User.displayName': [lastKnown({ upTo: '1d' }), value('A customer')],
    'User.unreadNotificationCount': value(null),
    'User.orders': [lastKnown({ upTo: '10m' }), value(null)],
    'User.recommendations': [lastKnown({ upTo: '1h' }), omit],
    'Order.summary': [lastKnown({ upTo: '1d' }), value(null)],
    'Order.thumbnail': [lastKnown({ upTo: '1d' }), value(null)],
    'Order.statusLabel': [lastKnown({ upTo: '10m' }), value(null)],
    'Order.statusColour': [lastKnown({ upTo: '10m' }), value(null)],
    'Order.deliveryText': [lastKnown({ upTo: '10m' }), value(null)],
    'Order.shipments': [lastKnown({ upTo: '10m' }), value(null)],
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
    'Query.category': { maxAge: '5m', staleIfError: '1d', scope: 'public' },
    'Query.popularProducts': { maxAge: '5m', staleIfError: '1d', scope: 'public' },
  },
  samples: 'samples.graphql',
});
