import pg from 'pg';
import type { EmulatorPrompt } from 'nestjs-mpesa/testing';
import { SERVICES } from '../services.js';
import type { Accountants } from './accountants.js';

/** What was found, and whether it is as it should be; null where the figure is only told. */
export interface Finding {
  name: string;
  found: number;
  expected: number | null;
}

/** Compares the customers' phones, the tables, and what came from the broker. */
export async function reconcile(
  orders: number,
  prompts: EmulatorPrompt[],
  accountants: Accountants,
): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: SERVICES.database });
  await client.connect();
  const count = async (from: string): Promise<number> => {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) ${from}`);
    return Number(rows[0]?.count);
  };
  const completed = `FROM mpesa_attempt WHERE status = 'completed'`;
  const receipts = await client.query<{ receipt: string }>(
    `SELECT receipt ${completed} AND receipt IS NOT NULL`,
  );
  const known = new Set(receipts.rows.map(({ receipt }) => receipt));
  const paid = prompts.filter(({ status }) => status === 'paid');
  const withoutReceipt = await count(`${completed} AND receipt IS NULL`);
  const unknown = paid.filter(({ receipt }) => !known.has(receipt ?? '')).length;
  const findings: Finding[] = [
    { name: 'orders', found: orders, expected: null },
    { name: 'prompts on phones', found: prompts.length, expected: null },
    { name: 'prompts that were paid', found: paid.length, expected: orders },
    { name: 'attempts, all', found: await count('FROM mpesa_attempt'), expected: null },
    { name: 'attempts that are completed', found: await count(completed), expected: paid.length },
    {
      name: 'of these, proven by a query, which names no receipt',
      found: withoutReceipt,
      expected: null,
    },
    { name: 'receipts on phones that no attempt has', found: unknown, expected: withoutReceipt },
    {
      name: 'attempts that wait for something',
      found: await count(
        `FROM mpesa_attempt WHERE status IN ('created', 'sending', 'uncertain', 'pending')`,
      ),
      expected: 0,
    },
    {
      name: 'orders that were sent',
      found: await count('FROM (SELECT DISTINCT order_id FROM shipment) AS o'),
      expected: orders,
    },
    { name: 'times that an order was sent', found: await count('FROM shipment'), expected: orders },
    { name: 'messages from the broker', found: accountants.messages, expected: null },
    {
      name: 'attempts that the broker told of as paid',
      found: accountants.paid.size,
      expected: orders,
    },
  ];
  await client.end();
  return findings;
}

export const isAsExpected = ({ found, expected }: Finding): boolean =>
  expected === null || found === expected;

export function formatReport(findings: Finding[], facts: readonly string[]): string {
  const rows = findings.map((finding) => {
    const { name, found, expected } = finding;
    const verdict =
      expected === null ? '' : isAsExpected(finding) ? 'as it should be' : `**not ${expected}**`;
    return `| ${name} | ${found} | ${verdict} |`;
  });
  return [
    ...facts.map((fact) => `- ${fact}`),
    '',
    '| | found | |',
    '| --- | ---: | --- |',
    ...rows,
  ].join('\n');
}
