import { Logger, type OnModuleInit } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { MpesaConfigError } from '../mpesa-config.error.js';
import type { PersonalDataCipher } from '../privacy/personal-data-cipher.js';
import { Database } from './database.js';
import { DatabaseError } from './database.error.js';
import { dialectOf, type MpesaDatabaseType } from './dialects/dialect-of.js';
import { sqlTableNames, tableNameOf } from './schema/table-names.js';
import { TABLES } from './schema/tables.js';
import type { TableName } from './schema/table-spec.js';
import { join, raw, sql } from './sql.js';
import type { TypeOrmPersistenceOptions } from './typeorm-persistence.js';

/** More than an operation has: a database may be slow to wake up. */
const LIMIT_MS = 10_000;

/** Looks at the start whether the data source has our tables and knows our entities. */
export class TypeOrmBootChecks implements OnModuleInit {
  private readonly logger = new Logger('MpesaModule');

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: TypeOrmPersistenceOptions,
    private readonly cipher: PersonalDataCipher,
  ) {}

  async onModuleInit(): Promise<void> {
    this.checkEntities();
    await this.checkTables();
    await this.checkKeys();
    this.warn();
  }

  private checkEntities(): void {
    const known = new Set(
      this.dataSource.entityMetadatas.map(({ tableNameWithoutPrefix }) => tableNameWithoutPrefix),
    );
    const missing = this.tableNames().filter(({ table }) => !known.has(table));
    if (missing.length === 0) return;
    const names = missing.map(({ table }) => table).join(', ');
    throw problem(
      `does not know the entities of ${names}: add ...mpesaEntities({ type: '${this.dataSource.options.type}' }) to its entities`,
    );
  }

  private async checkTables(): Promise<void> {
    const dialect = dialectOf(this.dataSource.options.type as MpesaDatabaseType);
    const database = new Database(this.dataSource, dialect);
    const tables = sqlTableNames(this.dataSource, dialect, this.options);
    for (const { name, table } of this.tableNames()) {
      const columns = join(Object.keys(TABLES[name].columns).map(raw));
      const look = sql`SELECT ${columns} FROM ${tables[name]} WHERE 1 = 0`;
      try {
        await database.read((session) => session.rows(look), LIMIT_MS);
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.problem !== 'missing') throw error;
        throw problem(
          `has no table ${table}, or an older one: add ...mpesaMigrations() to its migrations and run the migrations (migrationsRun: true, or dataSource.runMigrations())`,
        );
      }
    }
  }

  /** A key that was changed by mistake shows at the newest number. */
  private async checkKeys(): Promise<void> {
    const dialect = dialectOf(this.dataSource.options.type as MpesaDatabaseType);
    const database = new Database(this.dataSource, dialect);
    const { attempt } = sqlTableNames(this.dataSource, dialect, this.options);
    const newest = sql`SELECT a.phone_number FROM ${attempt} a
      WHERE a.erased = ${false} ORDER BY a.created_at DESC, a.seq DESC LIMIT 1`;
    const row = await database.read((session) => session.row(newest), LIMIT_MS);
    if (!row || this.cipher.open(String(row.phone_number), 'phone') !== null) return;
    throw new MpesaConfigError([
      {
        path: 'privacy.encryptionKey',
        message:
          'does not open the numbers that are stored, and no key of privacy.previousKeys does: give the one that they were written with',
      },
    ]);
  }

  private warn(): void {
    const { type, synchronize } = this.dataSource.options;
    if (dialectOf(type as MpesaDatabaseType).sharesConnection) {
      this.logger.warn(
        `Attempts are kept in ${type}, to which TypeORM has one connection: a transaction of yours that is rolled back can take what we wrote meanwhile along. A data source of its own for typeOrmPersistence({ dataSource }) separates them. For development only.`,
      );
    }
    if (synchronize) {
      this.logger.warn(
        'The data source has synchronize: true, which changes tables that hold payments at every start: turn it off, mpesaMigrations() is all that is needed.',
      );
    }
  }

  private tableNames(): { name: TableName; table: string }[] {
    return (Object.keys(TABLES) as TableName[]).map((name) => ({
      name,
      table: tableNameOf(name, this.options),
    }));
  }
}

const problem = (message: string): MpesaConfigError =>
  new MpesaConfigError([{ path: 'persistence.dataSource', message }]);
