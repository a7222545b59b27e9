import type { QuarantinedCallback, StoredQuarantine } from '../../attempts/attempt-store.js';
import type { PersonalDataCipher } from '../../privacy/personal-data-cipher.js';
import type { Row } from '../session.js';
import { sql, type Sql } from '../sql.js';
import { textOrNull } from './attempt-row.js';
import { openBody } from './evidence-rows.js';
import type { StoreContext } from './store-context.js';

/** Ids are row numbers; whatever else is asked for is nobody's. */
const ID = /^\d{1,15}$/;

/** Callbacks that were set aside: evidence of no attempt. */
export class Quarantine {
  constructor(private readonly context: StoreContext) {}

  async add(callback: QuarantinedCallback): Promise<void> {
    const { database, dialect, tables, cipher } = this.context;
    const { problem, detail, sourceIp, receivedAt, tokenHash } = callback;
    const raw = callback.raw === null ? null : cipher.seal(callback.raw, 'callback');
    const at = dialect.instant(receivedAt.getTime());
    await database.read((session) =>
      session.change(sql`
        INSERT INTO ${tables.evidence} (recorded_at, kind, detail, disposition, raw, body_at, token_hash)
        VALUES (${at}, 'quarantined',
          ${JSON.stringify({ detail, sourceIp })}, ${problem}, ${raw}, ${raw === null ? null : at}, ${tokenHash})`),
    );
  }

  list({ limit, after }: { limit: number; after?: string }): Promise<StoredQuarantine[]> {
    if (after !== undefined && !ID.test(after)) return Promise.resolve([]);
    const older = after === undefined ? sql`1 = 1` : sql`e.seq < ${Number(after)}`;
    return this.read(sql`${older} ORDER BY e.seq DESC LIMIT ${limit}`);
  }

  async find(id: string): Promise<StoredQuarantine | null> {
    if (!ID.test(id)) return null;
    const [found = null] = await this.read(sql`e.seq = ${Number(id)}`);
    return found;
  }

  async markReplayed(id: string): Promise<boolean> {
    if (!ID.test(id)) return false;
    const { database, dialect, tables } = this.context;
    const changed = await database.read((session) =>
      session.change(sql`
        UPDATE ${tables.evidence} SET replayed_at = ${dialect.now}
        WHERE seq = ${Number(id)} AND attempt_id IS NULL AND replayed_at IS NULL`),
    );
    return changed === 1;
  }

  private async read(condition: Sql): Promise<StoredQuarantine[]> {
    const { database, dialect, tables } = this.context;
    const rows = await database.read((session) =>
      session.rows(sql`
        SELECT e.seq, ${dialect.toMs(sql`e.recorded_at`)} AS recorded_at, e.detail, e.disposition,
          e.raw, e.token_hash, ${dialect.toMs(sql`e.replayed_at`)} AS replayed_at
        FROM ${tables.evidence} e WHERE e.attempt_id IS NULL AND ${condition}`),
    );
    return rows.map((row) => readQuarantined(row, this.context.cipher));
  }
}

function readQuarantined(row: Row, cipher: PersonalDataCipher): StoredQuarantine {
  const { detail, sourceIp } = JSON.parse(String(row.detail)) as Pick<
    QuarantinedCallback,
    'detail' | 'sourceIp'
  >;
  return {
    id: String(row.seq),
    problem: row.disposition as QuarantinedCallback['problem'],
    detail,
    sourceIp,
    receivedAt: new Date(Number(row.recorded_at)),
    raw: openBody(row.raw, cipher),
    tokenHash: textOrNull(row.token_hash),
    replayedAt: row.replayed_at == null ? null : new Date(Number(row.replayed_at)),
  };
}
