// Owns what the web router is: its view of the graph and its policies, as data.
import { defineBff, isSignedIn } from '../supergraph/index.ts';
import type { Graph } from './generated/coordinates.ts';

export const web = defineBff<Graph>({
  name: 'bff-web',
  port: 4000,
  contract: { exclude: ['internal'] },
  documents: { folder: 'documents', unregistered: 'allow', automatic: true, batch: 10 },
  subgraphs: { every: { timeout: '5s', signed: true } },
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
