import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { locate } from '../../support/services.js';
import { mpesaEntities, mpesaMigrations } from '../../../lib/typeorm.js';

/** The servers that instances can have their database on. */
export type DatabaseServer = 'postgres' | 'mariadb';

/** How a row number of its own is declared. */
const COUNTED_UP: Record<DatabaseServer, string> = {
  postgres: 'bigserial PRIMARY KEY',
  mariadb: 'bigint AUTO_INCREMENT PRIMARY KEY',
};

/** What the handlers of the instances write into. */
const applicationTables = (server: DatabaseServer): string[] => [
  `CREATE TABLE handled (
    seq ${COUNTED_UP[server]}, event_id varchar(200), type varchar(64), attempt_id varchar(64),
    order_id varchar(128), pid int
  )`,
  `CREATE TABLE shipped (
    seq ${COUNTED_UP[server]}, event_id varchar(200), order_id varchar(128)
  )`,
];

function optionsOn(type: DatabaseServer, database: string) {
  const { hostname: host, port, username, password } = new URL(locate(type));
  return { type, host, port: Number(port), username, password, database };
}

/** A database of a test's own, migrated, and gone after it. */
export class InstanceDatabase {
  private constructor(
    private readonly server: DatabaseServer,
    private readonly dataSource: DataSource,
    private readonly name: string,
  ) {}

  static async create(server: DatabaseServer): Promise<InstanceDatabase> {
    const name = `mpesa_processes_${randomBytes(6).toString('hex')}`;
    await administer(server, `CREATE DATABASE ${name}`);
    const dataSource = new DataSource({
      ...optionsOn(server, name),
      poolSize: 2,
      entities: mpesaEntities({ type: server }),
      migrations: mpesaMigrations(),
    });
    await dataSource.initialize();
    await dataSource.runMigrations();
    for (const statement of applicationTables(server)) await dataSource.query(statement);
    return new InstanceDatabase(server, dataSource, name);
  }

  /** For the instances' data sources. */
  get options() {
    return optionsOn(this.server, this.name);
  }

  query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, values);
  }

  async count(sql: string, values: unknown[] = []): Promise<number> {
    const [row] = await this.query<{ count: string }>(`SELECT count(*) AS count ${sql}`, values);
    return Number(row?.count);
  }

  /** PostgreSQL: keeps others out of a table, or from writing, until the returned function is called. */
  async lock(
    table: string,
    mode: 'ACCESS EXCLUSIVE' | 'SHARE' = 'ACCESS EXCLUSIVE',
  ): Promise<() => Promise<void>> {
    const runner = this.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`LOCK TABLE ${table} IN ${mode} MODE`);
    return async () => {
      await runner.rollbackTransaction();
      await runner.release();
    };
  }

  /**
   * PostgreSQL: takes no writes, like a standby, until the returned function is called. Both cut all
   * connections.
   */
  async refuseWrites(): Promise<() => Promise<void>> {
    const change = async (setting: string) => {
      await administer(this.server, `ALTER DATABASE ${this.name} ${setting}`);
      await administer(
        this.server,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.name}'`,
      );
    };
    await change('SET default_transaction_read_only = on');
    return () => change('RESET default_transaction_read_only');
  }

  /** PostgreSQL: how many statements wait for a lock. */
  waiting(): Promise<number> {
    return this.count(
      `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  }

  async drop(): Promise<void> {
    await this.dataSource.destroy();
    const force = this.server === 'postgres' ? ' WITH (FORCE)' : '';
    await administer(this.server, `DROP DATABASE ${this.name}${force}`);
  }
}

async function administer(server: DatabaseServer, statement: string): Promise<void> {
  const database = server === 'postgres' ? 'postgres' : 'mysql';
  const dataSource = await new DataSource(optionsOn(server, database)).initialize();
  await dataSource.query(statement);
  await dataSource.destroy();
}
