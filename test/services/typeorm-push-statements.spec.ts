import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import pg from 'pg';
import type { AttemptRecord } from '../../lib/attempts/attempt-record.js';
import type { NewAttempt, SendClaim } from '../../lib/attempts/attempt-store.js';
import type { Evidence } from '../../lib/attempts/evidence.js';
import { TypeOrmAttemptStore } from '../../lib/typeorm/typeorm-attempt.store.js';
import { aNewAttempt, decideWith } from '../support/attempts.js';
import { MigratedDatabase, postgres } from './support/test-databases.js';

const LIMIT_MS = 30_000;
const decide = decideWith();

postgres.describe('a push by its statements on PostgreSQL', () => {
  let migrated: MigratedDatabase;
  let store: TypeOrmAttemptStore;

  beforeAll(async () => {
    migrated = await MigratedDatabase.create(postgres);
    store = new TypeOrmAttemptStore(migrated.first, {}, LIMIT_MS);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => migrated.drop());

  const newAttempt = (change: Partial<NewAttempt> = {}): NewAttempt => {
    const id = randomUUID();
    const order = `order:${id}`;
    return aNewAttempt({ id, orderId: id, order, orderSlot: order, ...change });
  };
  const claimed = () => ({ status: 'sending', sends: 1, tokenHash: randomUUID() }) as const;
  const claimOf = ({ id: attemptId, sends }: AttemptRecord): SendClaim => ({
    attemptId,
    sends,
    tokenHash: randomUUID(),
    sendWithinMs: LIMIT_MS,
    checkAfterMs: LIMIT_MS,
  });
  const accepted = (): Evidence => ({
    kind: 'push-accepted',
    merchantRequestId: randomUUID(),
    checkoutRequestId: randomUUID(),
  });

  /** How many statements the work sends. */
  async function statementsOf(work: () => Promise<unknown>): Promise<number> {
    const query = jest.spyOn(pg.Client.prototype, 'query').mockClear();
    await work();
    return query.mock.calls.length;
  }

  it('takes one for each commit', async () => {
    let attempt: AttemptRecord;
    const opens = async (change?: Partial<NewAttempt>) => {
      ({ attempt } = await store.open(newAttempt(change)));
    };
    expect(await statementsOf(() => opens())).toBe(1);
    expect(
      await statementsOf(async () => {
        ({ attempt } = await store.claimSend(claimOf(attempt), attempt));
      }),
    ).toBe(1);
    const answer = () => store.settle({ attemptId: attempt.id }, accepted(), decide, attempt);
    expect(await statementsOf(answer)).toBe(1);
    expect(await store.find(attempt!.id)).toMatchObject({ status: 'pending', version: 3 });
    expect(await statementsOf(() => opens(claimed()))).toBe(1);
    expect(await statementsOf(answer)).toBe(1);
    expect(await store.find(attempt!.id)).toMatchObject({ status: 'pending', version: 2 });
  });

  it('knows what it claimed and settled as it is stored', async () => {
    const { attempt: opened } = await store.open(newAttempt());
    expect(await store.find(opened.id)).toEqual(opened);
    const { attempt: sending } = await store.claimSend(claimOf(opened), opened);
    expect(await store.find(opened.id)).toEqual(sending);
    const settled = await store.settle({ attemptId: opened.id }, accepted(), decide, sending);
    expect(await store.find(opened.id)).toEqual(settled?.attempt);
  });

  it.each([
    [
      'the attempt has gone on',
      (id: string) =>
        `UPDATE mpesa_attempt SET version = version + 1, next_check_at = NULL WHERE id = '${id}'`,
    ],
    [
      'its order was paid',
      (id: string) =>
        `INSERT INTO mpesa_settlement (order_key, attempt_id, settled_at) VALUES ('order:${id}', 'another', now())`,
    ],
  ])('reads what is so where %s', async (_what, change) => {
    const { attempt } = await store.open(newAttempt(claimed()));
    await migrated.first.query(change(attempt.id));
    const asked: unknown[] = [];
    const note: typeof decide = (before, evidence, facts) => {
      asked.push([before.version, facts.settledBy]);
      return decide(before, evidence, facts);
    };
    const refused: Evidence = {
      kind: 'push-refused',
      errorCode: '400.002.02',
      errorMessage: 'no',
      requestId: null,
    };
    const settled = await store.settle({ attemptId: attempt.id }, refused, note, attempt);
    expect(settled?.attempt.status).toBe('rejected');
    expect(asked).toHaveLength(2);
    expect(asked[1]).not.toEqual(asked[0]);
    expect(await store.find(attempt.id)).toEqual(settled?.attempt);
  });

  it('claims an attempt that has gone on as it is', async () => {
    const { attempt } = await store.open(newAttempt());
    await migrated.first.query(
      `UPDATE mpesa_attempt SET version = 7, traceparent = 'another' WHERE id = '${attempt.id}'`,
    );
    expect(await store.claimSend(claimOf(attempt), attempt)).toMatchObject({
      outcome: 'claimed',
      attempt: { version: 8, traceparent: 'another', status: 'sending' },
    });
  });

  it('flags a CheckoutRequestID that another attempt has', async () => {
    const evidence = accepted();
    for (const flags of [[], ['checkout-request-id-reused']]) {
      const { attempt } = await store.open(newAttempt(claimed()));
      const settled = await store.settle({ attemptId: attempt.id }, evidence, decide, attempt);
      expect(settled?.attempt.review).toEqual(flags);
    }
  });
});
