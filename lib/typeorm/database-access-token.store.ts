import type { DataSource } from 'typeorm';
import { AccessTokenStore, type AccessTokenEntry } from '../daraja/access-token-store.js';
import type { MpesaTableOptions } from './schema/table-names.js';
import { storeContext, type StoreContext } from './store/store-context.js';
import { sql } from './sql.js';

/** One access token for all instances: a row a key, by conditional updates. */
export class DatabaseAccessTokenStore extends AccessTokenStore {
  private readonly context: StoreContext;

  constructor(dataSource: DataSource, options: MpesaTableOptions = {}) {
    super();
    this.context = storeContext(dataSource, options);
  }

  async get(key: string): Promise<AccessTokenEntry | null> {
    const { database, dialect, tables } = this.context;
    const row = await database.read((session) =>
      session.row(sql`
        SELECT t.token, ${dialect.toMs(sql`t.expires_at`)} AS expires_ms
        FROM ${tables.access_token} t WHERE t.id = ${key} AND t.token IS NOT NULL`),
    );
    return row && { token: String(row.token), expiresAt: Number(row.expires_ms) };
  }

  async set(key: string, { token, expiresAt }: AccessTokenEntry): Promise<void> {
    const { database, dialect, tables } = this.context;
    const until = dialect.instant(expiresAt);
    await database.read(async (session) => {
      const inserted = await session.insertNew(sql`
        INSERT INTO ${tables.access_token} (id, token, expires_at) VALUES (${key}, ${token}, ${until})`);
      if (inserted) return;
      await session.change(sql`
        UPDATE ${tables.access_token} SET token = ${token}, expires_at = ${until} WHERE id = ${key}`);
    });
  }

  async delete(key: string, token: string): Promise<void> {
    const { database, tables } = this.context;
    await database.read((session) =>
      session.change(sql`
        UPDATE ${tables.access_token} SET token = NULL WHERE id = ${key} AND token = ${token}`),
    );
  }

  claim(key: string, holder: string, leaseMs: number): Promise<boolean> {
    const { database, dialect, tables } = this.context;
    const until = dialect.later(leaseMs);
    return database.read(async (session) => {
      const claimed = await session.change(sql`
        UPDATE ${tables.access_token} SET holder = ${holder}, held_until = ${until}
        WHERE id = ${key} AND (held_until IS NULL OR held_until <= ${dialect.now})`);
      if (claimed === 1) return true;
      return session.insertNew(sql`
        INSERT INTO ${tables.access_token} (id, holder, held_until)
        VALUES (${key}, ${holder}, ${until})`);
    });
  }

  async release(key: string, holder: string): Promise<void> {
    const { database, tables } = this.context;
    await database.read((session) =>
      session.change(sql`
        UPDATE ${tables.access_token} SET held_until = NULL
        WHERE id = ${key} AND holder = ${holder}`),
    );
  }
}
