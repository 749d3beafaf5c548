// Owns answering operations by the world's monolith: graphql-js alone, no federation.
import { execute, parse } from 'graphql';
import { monolithSchema } from '../graph/monolith-schema.ts';
import type { PreparedWorld } from '../graph/prepare-world.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

export function monolith(prepared: PreparedWorld): EngineUnderTest {
  const schema = monolithSchema(prepared);
  return {
    name: 'monolith',
    async run({ source, variables, run }) {
      const document = parse(source, { noLocation: true });
      const result = await execute({ schema, document, variableValues: variables, contextValue: run });
      const { data = null, errors = [] } = JSON.parse(JSON.stringify(result));
      return { data, errors, exchanges: [] };
    },
    close: async () => {},
  };
}
