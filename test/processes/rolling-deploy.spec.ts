import { describeWith } from '../support/services.js';
import { until } from '../support/until.js';
import { onDeployment, type Deployment } from './support/deployment.js';
import type { Instance } from './support/instance.js';
import { brokenInvariants } from './support/invariants.js';

/** What a newer version's migration may do: add, and ask nothing of those who do not know it. */
const EXPAND = [
  'ALTER TABLE mpesa_attempt ADD COLUMN refunded_at timestamptz',
  "ALTER TABLE mpesa_event ADD COLUMN origin varchar(16) NOT NULL DEFAULT 'daraja'",
  'CREATE TABLE mpesa_refund (seq bigserial PRIMARY KEY, attempt_id varchar(64) NOT NULL)',
  'CREATE INDEX mpesa_attempt_refunded ON mpesa_attempt (refunded_at)',
];

/** What the newer version writes then, of a paid attempt: a word that the older one does not know. */
const REFUND = [
  "UPDATE mpesa_attempt SET status = 'refunded', refunded_at = now(), next_check_at = now() WHERE id = $1",
  'INSERT INTO mpesa_refund (attempt_id) VALUES ($1)',
];
const TELL = `
  WITH told AS (
    INSERT INTO mpesa_event (id, type, attempt_id, order_key, payload, occurred_at, origin)
    SELECT 'refund-1', 'stk.refunded', attempt_id, order_key, payload, now(), 'newer'
    FROM mpesa_event WHERE attempt_id = $1 AND type = 'stk.completed'
    RETURNING seq, order_key)
  INSERT INTO mpesa_delivery (event_seq, handler, order_key, tries, fence, due_at, error)
  SELECT seq, 'ledger', order_key, 0, 0, now(), '' FROM told`;

const PARKED = `FROM mpesa_delivery d JOIN mpesa_event e ON e.seq = d.event_seq
  WHERE e.id = 'refund-1' AND d.dead_at IS NOT NULL`;

async function payAt(deployment: Deployment, instances: Instance[], count: number) {
  const pushes = Array.from({ length: count }, (_, i) =>
    instances[i % instances.length]!.push(deployment.aPush()),
  );
  return Promise.all(pushes);
}

describeWith('postgres', 'two versions on one database', () => {
  it(
    'pay side by side while a newer migration is applied, and leave alone what the newer one wrote',
    onDeployment(async (deployment) => {
      const { emulator, database } = deployment;
      emulator.on({ amount: 100 }, 'paid');
      const before = await deployment.start();
      const paying = payAt(deployment, [before], 10);
      for (const statement of EXPAND) await database.query(statement);
      const [refunded] = await paying;
      await deployment.settled();

      const after = await deployment.start();
      const both = [before, after];
      for (const statement of REFUND) await database.query(statement, [refunded!.id]);
      await database.query(TELL, [refunded!.id]);
      await payAt(deployment, both, 10);
      await until(async () => (await database.count(PARKED)) === 1, 30_000);
      await until(async () => {
        const looked = 'FROM mpesa_attempt WHERE id = $1 AND next_check_at > now()';
        return (await database.count(looked, [refunded!.id])) === 1;
      }, 60_000);
      await deployment.settled();

      const written =
        'SELECT status, refunded_at IS NOT NULL AS kept FROM mpesa_attempt WHERE id = $1';
      expect(await database.query(written, [refunded!.id])).toEqual([
        { status: 'refunded', kept: true },
      ]);
      expect(await database.count(`FROM mpesa_attempt WHERE status = 'completed'`)).toBe(19);
      expect(await database.count('FROM shipped')).toBe(20);
      for (const instance of both) expect(await instance.terminate()).toBe(0);

      // The newer one is taken back with what it wrote: all else is as if it had never been.
      await database.query(
        "DELETE FROM mpesa_delivery WHERE event_seq IN (SELECT seq FROM mpesa_event WHERE id = 'refund-1')",
      );
      await database.query("DELETE FROM mpesa_event WHERE id = 'refund-1'");
      await database.query(
        "UPDATE mpesa_attempt SET status = 'completed', next_check_at = NULL WHERE id = $1",
        [refunded!.id],
      );
      expect(await brokenInvariants(deployment)).toEqual([]);
    }),
    240_000,
  );

  it(
    'are not begun where the migrations of the newer one are missing',
    onDeployment(async (deployment) => {
      await deployment.database.query('ALTER TABLE mpesa_delivery DROP COLUMN dead_at');
      await expect(deployment.start()).rejects.toThrow(
        /has no table mpesa_delivery, or an older one/,
      );
    }),
    120_000,
  );
});
