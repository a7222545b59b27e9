import { randomBytes } from 'node:crypto';
import { Client, Pool, type QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { locate } from '../../support/services.js';
import { MPESA_ENTITIES, MPESA_MIGRATIONS } from '../../../lib/typeorm.js';

function server() {
  const { hostname: host, port, username: user, password } = new URL(locate('postgres'));
  return { host, port: Number(port), user, password };
}

/** What the handlers of the instances write into. */
const APPLICATION_TABLES = `
  CREATE TABLE handled (
    seq bigserial PRIMARY KEY, event_id text, type text, attempt_id text, order_id text, pid int
  );
  CREATE TABLE shipped (seq bigserial PRIMARY KEY, event_id text, order_id text);
`;

/** A database of a test's own, migrated, and gone after it. */
export class PostgresDatabase {
  readonly host = server().host;
  readonly port = server().port;
  private readonly pool: Pool;

  private constructor(readonly name: string) {
    this.pool = new Pool({ ...server(), database: name, max: 1 });
  }

  static async create(): Promise<PostgresDatabase> {
    const name = `mpesa_processes_${randomBytes(6).toString('hex')}`;
    await administer(`CREATE DATABASE ${name}`);
    const { user: username, ...rest } = server();
    const dataSource = new DataSource({
      type: 'postgres',
      ...rest,
      username,
      database: name,
      entities: MPESA_ENTITIES,
      migrations: MPESA_MIGRATIONS,
    });
    await dataSource.initialize();
    await dataSource.runMigrations();
    await dataSource.destroy();
    const database = new PostgresDatabase(name);
    await database.pool.query(APPLICATION_TABLES);
    return database;
  }

  /** For the instances' data sources. */
  get options() {
    const { user: username, ...rest } = server();
    return { ...rest, username, database: this.name };
  }

  async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, values)).rows;
  }

  async count(sql: string, values: unknown[] = []): Promise<number> {
    const [row] = await this.query<{ count: string }>(`SELECT count(*) AS count ${sql}`, values);
    return Number(row?.count);
  }

  /** Keeps everybody else out of a table, or from writing, until the returned function is called. */
  async lock(
    table: string,
    mode: 'ACCESS EXCLUSIVE' | 'SHARE' = 'ACCESS EXCLUSIVE',
  ): Promise<() => Promise<void>> {
    const client = new Client({ ...server(), database: this.name });
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE ${table} IN ${mode} MODE`);
    return () => client.end();
  }

  /** How many statements wait for a lock. */
  waiting(): Promise<number> {
    return this.count(
      `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await administer(`DROP DATABASE ${this.name} WITH (FORCE)`);
  }
}

async function administer(sql: string): Promise<void> {
  const client = new Client({ ...server(), database: 'postgres' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
