import { randomUUID } from 'node:crypto';
import type { Evidence } from '../../lib/attempts/evidence.js';
import { TypeOrmAttemptStore } from '../../lib/typeorm/typeorm-attempt.store.js';
import { aNewAttempt, aPaidCallback, decideWith, IDS } from '../support/attempts.js';
import { until } from '../support/until.js';
import { beginTransaction, MigratedDatabase, postgres } from './support/test-databases.js';

const LIMIT_MS = 30_000;
const decide = decideWith();

postgres.describe('the answer to a push and its callback, read before either is written', () => {
  let migrated: MigratedDatabase;
  let store: TypeOrmAttemptStore;

  beforeAll(async () => {
    migrated = await MigratedDatabase.create(postgres);
    store = new TypeOrmAttemptStore(migrated.first, {}, LIMIT_MS);
  });
  afterAll(() => migrated.drop());

  async function sending(): Promise<string> {
    const id = randomUUID();
    const order = `order:${id}`;
    const claimed = { status: 'sending', sends: 1, tokenHash: id } as const;
    await store.open(aNewAttempt({ id, orderId: id, order, orderSlot: order, ...claimed }));
    return id;
  }

  const waiting = async (): Promise<number> => {
    const [row] = await migrated.first.query(
      `SELECT count(*) AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return Number(row.n);
  };

  /** Each reads the attempt while a transaction of ours keeps all of them from writing it. */
  async function settleAtOnce(attemptId: string, pieces: readonly Evidence[]) {
    const other = await beginTransaction(migrated.first);
    await other.query(`SELECT seq FROM mpesa_attempt WHERE id = '${attemptId}' FOR UPDATE`);
    const settling = [];
    for (const piece of pieces) {
      settling.push(store.settle({ attemptId }, piece, decide));
      await until(async () => (await waiting()) === settling.length);
    }
    await other.rollbackTransaction();
    await other.release();
    await Promise.all(settling);
  }

  const accepted = { kind: 'push-accepted', ...IDS } as const;

  it.each([
    ['the callback', () => [aPaidCallback(receipt()), accepted]],
    ['the answer', () => [accepted, aPaidCallback(receipt())]],
  ])('pass nothing over where %s is written first', async (_which, pieces) => {
    const attemptId = await sending();
    await settleAtOnce(attemptId, pieces());
    expect(await store.find(attemptId)).toMatchObject({ status: 'completed', idsFrom: 'response' });
    const [row] = await migrated.first.query(
      `SELECT count(*) AS n FROM mpesa_evidence WHERE attempt_id = '${attemptId}' AND waiting IS NOT NULL`,
    );
    expect(Number(row.n)).toBe(0);
  });
});

let receipts = 0;
const receipt = (): string => `UKV${(receipts += 1)}`;
