import type { DataSource } from 'typeorm';
import { TypeOrmAttemptStore } from '../../lib/typeorm/typeorm-attempt.store.js';
import { MigratedDatabase, postgres } from './support/test-databases.js';

interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** Rows that scans of tables and indexes have come by. */
function rowsVisited(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, each) => sum + rowsVisited(each), 0);
  if (!node['Node Type'].includes('Scan') || node['Node Type'] === 'Subquery Scan') return below;
  const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
  return below + each * node['Actual Loops'];
}

const LIMIT = 16;

postgres.describe('the look for due deliveries on PostgreSQL', () => {
  let migrated: MigratedDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    migrated = await MigratedDatabase.create(postgres);
    dataSource = migrated.first;
    // Its statistics are to be those of the test.
    await dataSource.query('ALTER TABLE mpesa_delivery SET (autovacuum_enabled = off)');
  });
  afterAll(() => migrated.drop());

  /** What a call of the store asks the database. */
  async function asking(
    call: (store: TypeOrmAttemptStore) => Promise<unknown>,
  ): Promise<[text: string, parameters: unknown[]][]> {
    const asked: [string, unknown[]][] = [];
    const logQuery = (text: string, parameters: unknown[] = []) =>
      void asked.push([text, parameters]);
    const nothing = () => undefined;
    const logger = {
      logQuery,
      logQueryError: nothing,
      logQuerySlow: nothing,
      logSchemaBuild: nothing,
    };
    const watched = await migrated.connect({
      logging: true,
      logger: { ...logger, logMigration: nothing, log: nothing },
    });
    asked.length = 0;
    await call(new TypeOrmAttemptStore(watched));
    return asked;
  }

  async function planOf([text, parameters]: [string, unknown[]]): Promise<PlanNode> {
    const [row] = await dataSource.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, parameters);
    const [{ Plan: plan }] = row['QUERY PLAN'] as [{ Plan: PlanNode }];
    return plan;
  }

  const deliveries = (from: number, to: number, dueAt: string) =>
    dataSource.query(`
      INSERT INTO mpesa_delivery (event_seq, handler, order_key, tries, fence, due_at, error)
      SELECT n, 'ledger', 'order:' || n / 2, 0, 0, ${dueAt}, '' FROM generate_series(${from}, ${to}) n`);

  it('comes by few rows of a large backlog of which the statistics do not know', async () => {
    // Nothing is due yet, so it is one statement.
    const asked = await asking((store) =>
      store.claimEvents({ handlers: ['ledger'], limit: LIMIT, leaseMs: 1_000 }),
    );
    expect(asked).toHaveLength(1);
    await deliveries(1, 20_000, 'NULL');
    await dataSource.query('ANALYZE mpesa_delivery');
    await deliveries(20_001, 40_000, 'now()');

    const plan = await planOf(asked[0]!);
    // Of two deliveries of an order the second one waits, and each look for an earlier one is a row.
    expect(plan['Actual Rows']).toBeGreaterThan(LIMIT);
    expect(rowsVisited(plan)).toBeLessThan(10 * plan['Actual Rows']);
  });

  it('finds the longest due one by an index, and the oldest open attempt', async () => {
    await dataSource.query(
      `INSERT INTO mpesa_handler (handler, type, since)
       VALUES ('ledger', 'stk.prompted', now()), ('mail', 'stk.prompted', now())`,
    );
    const asked = await asking((store) => store.lag());
    const [handlers, due, open] = asked;
    expect(asked).toHaveLength(3);
    expect(handlers![0]).toContain('mpesa_handler');
    expect(rowsVisited(await planOf(due!))).toBeLessThanOrEqual(2);
    expect(JSON.stringify(await planOf(open!))).toContain('mpesa_attempt_status');
  });
});
