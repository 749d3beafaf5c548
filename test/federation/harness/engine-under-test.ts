// Says which engine the federation cases run on: `ENGINE=apollo` takes the stock one, which knows less about failures.
// Not its type alone: it also switches the telemetry of @apollo/gateway off.
import '../../../supergraph/foundation/environment.ts';
import type { Environment } from '../../../supergraph/foundation/environment.ts';

/** Whether plans are made and run by @apollo/gateway: its errors are not compared, nor what it asks of subgraphs. */
export const isStockEngine = process.env['ENGINE'] === 'apollo';

/** What the router's environment must say for that engine. */
export const engineEnvironment: Partial<Environment> = { engine: isStockEngine ? 'apollo' : 'tributary' };
