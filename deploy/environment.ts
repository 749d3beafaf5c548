// Owns the environment variables of `npm start`; its children read their own.

export const environment = Object.freeze({
  /** What children inherit. */
  all: process.env,
  /** npm tells its scripts which one they are. */
  startedByNpm: process.env['npm_lifecycle_event'] !== undefined,
  host: process.env['HOST']?.trim() || '127.0.0.1',
  /** A PostgreSQL server; without it the embedded database is started. */
  databaseUrl: process.env['DATABASE_URL']?.trim() || undefined,
  /** Where keys are that check tokens; accounts has them unless it is given. */
  jwksUrl: process.env['JWKS_URL']?.trim() || undefined,
  /** By which subgraphs know their routers; a new one is made for each start unless it is given. */
  callerSecret: process.env['CALLER_SECRET']?.trim() || undefined,
  /** Where BFFs keep query plans; an empty text says nowhere. */
  planFolder: process.env['PLAN_FOLDER']?.trim(),
  /** Where BFFs write down what their clients use; an empty text says nowhere. */
  usageFolder: process.env['USAGE_FOLDER']?.trim(),
  /** Where the first BFF's cache is looked after. What is no port is for the BFFs to refuse, and 0 is any port for each. */
  adminPort: Number(process.env['ADMIN_PORT']?.trim()) || undefined,
  /** Where the first BFF's metrics are, in the same way. */
  metricsPort: Number(process.env['METRICS_PORT']?.trim()) || undefined,
});
