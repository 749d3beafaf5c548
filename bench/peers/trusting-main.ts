// Runs our router for subgraphs that it trusts, whose answers it may hand on unread: `node … trusting-main.ts <supergraph> <port>`.
import '../../supergraph/foundation/environment.ts';

import { defineBff } from '../../supergraph/declaration/define-bff.ts';
import { readEnvironment } from '../../supergraph/foundation/environment.ts';
import { loadSupergraph } from '../../supergraph/router/load-supergraph.ts';
import { runProcess } from '../../supergraph/router/run-process.ts';
import { startRouters } from '../../supergraph/router/start-router.ts';

const [from = '', port = ''] = process.argv.slice(2);

await runProcess(async () =>
  startRouters(
    [
      {
        bff: defineBff({ name: 'trusting', port: Number(port), subgraphs: { every: { trusted: true } } }),
        supergraph: { sdl: await loadSupergraph(from), from },
      },
    ],
    { environment: readEnvironment() },
  ),
);
