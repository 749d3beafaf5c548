// Owns a look at a seed without a database: the SQL it would run. Whether the SQL is right, the subgraphs' tests show.
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';

/** Each statement as text, with its values. */
export async function seedStatements<Tables>(seed: (db: Kysely<Tables>) => Promise<void>): Promise<string[]> {
  const statements: string[] = [];
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (introspected) => new PostgresIntrospector(introspected),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => {
      statements.push(`${query.sql} ${JSON.stringify(query.parameters)}`);
    },
  });
  await seed(db);
  return statements;
}
