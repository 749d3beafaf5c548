// Owns what the mobile router is: its view of the graph and its policies, as data.
import { defineBff, isSignedIn } from '../supergraph/index.ts';
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
  subgraphs: {
    every: { timeout: '3s', signed: true },
    // Its screens wait for other subgraphs: one that is too slow shall cost its part, not all of them.
    'bff-mobile-views': { timeout: '7s' },
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
