// Runs our router with all that keeps it up when subgraphs do not, and within what its clients may ask: `node … guarded-main.ts <supergraph> <port>`.
import '../../supergraph/foundation/environment.ts';

import { defineBff } from '../../supergraph/declaration/define-bff.ts';
import { lastKnown, omit, value } from '../../supergraph/declaration/fallback-words.ts';
import { readEnvironment } from '../../supergraph/foundation/environment.ts';
import { loadSupergraph } from '../../supergraph/router/load-supergraph.ts';
import { runProcess } from '../../supergraph/router/run-process.ts';
import { startRouters } from '../../supergraph/router/start-router.ts';

const [from = '', port = ''] = process.argv.slice(2);

await runProcess(async () =>
  startRouters(
    [
      {
        bff: defineBff({
          name: 'guarded',
          port: Number(port),
          timeout: '10s',
          subgraphs: {
            every: {
              timeout: '3s',
              retry: { attempts: 2, budget: '20%' },
              breaker: { opensAt: '50%', of: 20, for: '2s' },
              concurrency: { most: 200, waiting: 200 },
              hedge: { after: '1s', budget: '5%' },
            },
          },
          // None of them is met: what is measured is what looking costs.
          limits: {
            cost: 1_000_000,
            rates: {
              requests: { per: 'address', most: 1_000_000_000, in: '1m' },
              costs: { per: 'viewer', of: 'cost', most: 1_000_000_000, in: '1h', kind: 'bucket' },
              changes: { per: 'viewer', of: { fields: ['Mutation.addToCart'] }, most: 10, in: '1m' },
            },
          },
          // Something for each type of the heavy query; most of it is in its answer a hundred times.
          fallbacks: {
            'Product.price': lastKnown({ upTo: '10m', scope: 'public' }),
            'Product.inStock': [lastKnown({ upTo: '1m', scope: 'public' }), value(null)],
            'Product.availability': value(null),
            'Product.stock': value(null),
            'Product.reviews': [lastKnown({ upTo: '1h', scope: 'public' }), value(null)],
            'User.displayName': [lastKnown({ upTo: '1d', scope: 'public' }), value('A customer')],
            'Review.title': value(''),
            'ProductConnection.edges': omit,
          },
        }),
        supergraph: { sdl: await loadSupergraph(from), from },
      },
    ],
    { environment: readEnvironment() },
  ),
);
