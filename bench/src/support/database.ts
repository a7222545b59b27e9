import pg from 'pg';

export const DATABASE_URL =
  process.env.MPESA_BENCH_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** All that the benchmarks make lies in schemas of this prefix, dropped at the end. */
export const SCHEMA_PREFIX = 'mpesa_bench_';

/** @throws with what to do, where no PostgreSQL answers */
export async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch (error) {
    const { host, pathname } = new URL(DATABASE_URL);
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new Error(
      `No PostgreSQL at ${host}${pathname} (${reason}). Start one, or name one with ` +
        'MPESA_BENCH_URL=postgres://user:password@host:port/database; its user must be allowed to ' +
        'create schemas.',
      { cause: error },
    );
  }
  return client;
}

export async function createSchema(client: pg.Client, schema: string): Promise<void> {
  await dropSchema(client, schema);
  await client.query(`CREATE SCHEMA ${pg.escapeIdentifier(schema)}`);
}

/** Connections of children that ended may hold their locks for a moment longer: this waits for them. */
export async function dropSchema(client: pg.Client, schema: string): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(schema)} CASCADE`);
}

/** What an earlier run left behind when it was killed, too. */
export async function dropAllSchemas(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ nspname: string }>(
    'SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)',
    [SCHEMA_PREFIX],
  );
  for (const { nspname } of rows) await dropSchema(client, nspname);
}
