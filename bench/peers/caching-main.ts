// Runs our router with rules for what is public of the shop: `node … caching-main.ts <supergraph> <port> <whole answers: never or public>`.
import '../../supergraph/foundation/environment.ts';

import type { CacheRule } from '../../supergraph/declaration/cache-declaration.ts';
import { defineBff } from '../../supergraph/declaration/define-bff.ts';
import { readEnvironment } from '../../supergraph/foundation/environment.ts';
import { loadSupergraph } from '../../supergraph/router/load-supergraph.ts';
import { runProcess } from '../../supergraph/router/run-process.ts';
import { startRouters } from '../../supergraph/router/start-router.ts';

const [from = '', port = '', whole = ''] = process.argv.slice(2);

// What the shop's schema says may only shorten it: how much is in stock is kept for ten seconds.
const everybodys: CacheRule = { maxAge: '5m', scope: 'public' };

await runProcess(async () =>
  startRouters(
    [
      {
        bff: defineBff({
          name: 'caching',
          port: Number(port),
          cache: {
            'Query.user': everybodys,
            'Query.category': everybodys,
            Category: everybodys,
            Product: everybodys,
            Review: everybodys,
            User: everybodys,
          },
          responseCache: whole === 'public' ? 'public' : 'never',
        }),
        supergraph: { sdl: await loadSupergraph(from), from },
      },
    ],
    { environment: readEnvironment() },
  ),
);
