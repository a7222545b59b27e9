import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import { mpesaEntities, mpesaMigrations, type MpesaDatabaseType } from '../../../lib/typeorm.js';
import { describeWith, locate } from '../../support/services.js';

/** A kind of database, and how to get an empty one of a test's own. */
export interface TestDatabase {
  name: string;
  type: MpesaDatabaseType;
  /** In this process, with one connection for all. */
  isEmbedded: boolean;
  describe(name: string, suite: () => void): void;
  /** Options for a data source of an empty database, without entities and migrations. */
  create(): Promise<{ options: DataSourceOptions; drop(): Promise<void> }>;
}

export const postgres: TestDatabase = {
  name: 'PostgreSQL',
  type: 'postgres',
  isEmbedded: false,
  describe: (name, suite) => {
    describeWith('postgres', name, suite);
  },
  create: () => createOnServer({ type: 'postgres', url: locate('postgres') }),
};

const mariadb: TestDatabase = {
  name: 'MariaDB',
  type: 'mariadb',
  isEmbedded: false,
  describe: (name, suite) => {
    describeWith('mariadb', name, suite);
  },
  create: () => createOnServer({ type: 'mariadb', url: locate('mariadb') }),
};

const sqljs: TestDatabase = {
  name: 'SQLite (sql.js)',
  type: 'sqljs',
  isEmbedded: true,
  describe: (name, suite) => {
    describe(name, suite);
  },
  create: async () => ({ options: { type: 'sqljs' }, drop: async () => {} }),
};

/** Not among our dependencies, as it may have to be compiled: `npm install --no-save better-sqlite3@12`. */
const betterSqlite3: TestDatabase = {
  name: 'SQLite (better-sqlite3)',
  type: 'better-sqlite3',
  isEmbedded: true,
  describe: (name, suite) => {
    if (existsSync('node_modules/better-sqlite3')) describe(name, suite);
    else describe.skip(`${name} [left out: no better-sqlite3 on this machine]`, suite);
  },
  create: async () => ({
    options: { type: 'better-sqlite3', database: ':memory:' },
    drop: async () => {},
  }),
};

export const SERVERS = [postgres, mariadb];
export const DATABASES = [...SERVERS, sqljs, betterSqlite3];

async function createOnServer(server: { type: 'postgres' | 'mariadb'; url: string }) {
  const database = `mpesa_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${database}`);
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  const force = server.type === 'postgres' ? ' WITH (FORCE)' : '';
  return {
    options: { ...server, url: url.href },
    drop: () => administer(server, `DROP DATABASE ${database}${force}`),
  };
}

async function administer(options: DataSourceOptions, statement: string): Promise<void> {
  const dataSource = await new DataSource(options).initialize();
  await dataSource.query(statement);
  await dataSource.destroy();
}

/** Data sources of an empty, migrated database. All are closed, and the database dropped, at the end. */
export class MigratedDatabase {
  private readonly open: DataSource[] = [];

  private constructor(
    private readonly type: MpesaDatabaseType,
    private readonly created: Awaited<ReturnType<TestDatabase['create']>>,
  ) {}

  static async create({ type, create }: TestDatabase): Promise<MigratedDatabase> {
    const database = new MigratedDatabase(type, await create());
    await (await database.connect()).runMigrations();
    return database;
  }

  /** One data source more, as another process has it. */
  async connect(extra: object = {}): Promise<DataSource> {
    const dataSource = new DataSource({
      ...this.created.options,
      entities: mpesaEntities({ type: this.type }),
      migrations: mpesaMigrations(),
      ...extra,
    });
    this.open.push(await dataSource.initialize());
    return dataSource;
  }

  get first(): DataSource {
    return this.open[0]!;
  }

  /** Where the server is; there is none for an embedded one. */
  get url(): string {
    return (this.created.options as { url: string }).url;
  }

  async empty(): Promise<void> {
    const tables = this.first.entityMetadatas.map(({ tablePath }) => tablePath);
    for (const table of tables) await this.first.query(`DELETE FROM ${table}`);
  }

  async drop(): Promise<void> {
    for (const dataSource of this.open) if (dataSource.isInitialized) await dataSource.destroy();
    await this.created.drop();
  }
}

/** Hands out a connection of its own, with a transaction begun. */
export async function beginTransaction(dataSource: DataSource): Promise<QueryRunner> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  await runner.startTransaction();
  return runner;
}
