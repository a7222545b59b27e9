import { randomUUID } from 'node:crypto';
import { StkCompleted } from 'nestjs-mpesa';
import type { Client } from 'pg';
import { clonePending } from '../fixture/clone.js';
import { AMOUNT, benchCallback, benchToken } from '../settle/callback-request.js';
import { type FilledStore, HANDLER } from './filled-store.js';

/** Something that an application, or the package by itself, does to its tables again and again. */
export interface Operation {
  name: string;
  /** Whether it has a figure to reach; else it is reported. */
  judged: boolean;
  /** Gets ready for so many calls. */
  begin: (client: Client, filled: FilledStore, calls: number) => Running | Promise<Running>;
}

export interface Running {
  call: () => Promise<unknown>;
  end?: () => Promise<unknown>;
}

/** What a sweep, and a look of the dispatcher, take at most. */
const DUE = 50;
const EVENTS = 16;
/** Accepted, paid. */
const HISTORY = 2;
/** What a handler that was away finds. */
const BACKLOG = 900;

const simple = (
  name: string,
  judged: boolean,
  call: (filled: FilledStore) => Promise<unknown>,
): Operation => ({ name, judged, begin: (_client, filled) => ({ call: () => call(filled) }) });

// A lease of no length leaves what was claimed to the next call.
const claimDue = async ({ store }: FilledStore, expected: number): Promise<void> => {
  expectCount(await store.claimDue({ limit: DUE, leaseMs: 0 }), expected);
};

const claimEvents = async ({ store }: FilledStore, expected: number): Promise<void> => {
  const claim = { handlers: [HANDLER], limit: EVENTS, leaseMs: 0 };
  expectCount(await store.claimEvents(claim), expected);
};

const openDeliveries = (name: string, count: number): Operation => ({
  name,
  judged: true,
  async begin(client, filled) {
    const table = `"${filled.schema}".mpesa_delivery`;
    await client.query(
      `UPDATE ${table} SET due_at = now() WHERE (event_seq, handler) IN
         (SELECT event_seq, handler FROM ${table} ORDER BY event_seq DESC LIMIT $1)`,
      [count],
    );
    return {
      call: () => claimEvents(filled, EVENTS),
      end: () => client.query(`UPDATE ${table} SET due_at = NULL WHERE due_at IS NOT NULL`),
    };
  },
});

const dueAttempts: Operation = {
  name: 'due-scan, 50 due',
  judged: true,
  async begin(client, filled) {
    const table = `"${filled.schema}".mpesa_attempt`;
    const batch = nextBatch();
    await clonePending(client, filled.schema, { template: filled.pending, batch, count: DUE });
    await client.query(`UPDATE ${table} SET next_check_at = now() WHERE order_id ^@ $1`, [
      `order-${batch}`,
    ]);
    return {
      call: () => claimDue(filled, DUE),
      end: () => client.query(`DELETE FROM ${table} WHERE next_check_at <= now()`),
    };
  },
};

const settle: Operation = {
  name: 'settle by callback',
  judged: true,
  async begin(client, filled, calls) {
    const batch = nextBatch();
    await clonePending(client, filled.schema, { template: filled.pending, batch, count: calls });
    let n = 0;
    return {
      async call() {
        n += 1;
        const callback = { token: benchToken(batch, n), body: benchCallback(batch, n) };
        const { disposition } = await filled.callbacks.receive(callback);
        if (disposition !== 'applied') throw new Error(`A callback was ${disposition}`);
      },
      end: () =>
        client.query(`UPDATE "${filled.schema}".mpesa_delivery SET due_at = NULL
                         WHERE due_at IS NOT NULL`),
    };
  },
};

let batches = 0;
const nextBatch = (): string => `O${batches++}Z`;

export const OPERATIONS: readonly Operation[] = [
  simple('due-scan, nothing due', true, (filled) => claimDue(filled, 0)),
  dueAttempts,
  simple('outbox-scan, nothing due', true, (filled) => claimEvents(filled, 0)),
  openDeliveries('outbox-scan, 16 due', EVENTS),
  openDeliveries(`outbox-scan, ${BACKLOG} due`, BACKLOG),
  settle,
  simple('find', true, ({ stk, draw }) => expectFound(stk.find(draw().id))),
  simple('findByCheckoutRequestId', true, ({ stk, draw }) =>
    expectFound(stk.findByCheckoutRequestId(draw().checkoutRequestId)),
  ),
  simple('findByOrder', true, async ({ stk, draw }) => {
    expectCount(await stk.findByOrder(draw().orderId), 1);
  }),
  simple('findByReceipt', true, ({ stk, draw }) => expectFound(stk.findByReceipt(draw().receipt))),
  simple('history', false, async ({ store, draw }) => {
    expectCount(await store.history(draw().id), HISTORY);
  }),
  simple('newest 50', false, ({ store }) => store.list({ limit: 50 })),
  simple('newest 50 pending', false, ({ store }) => store.list({ limit: 50, status: ['pending'] })),
  simple('newest 50 to be reviewed', false, ({ store }) =>
    store.list({ limit: 50, needsReview: true }),
  ),
  simple('prepare', false, ({ stk }) =>
    stk.prepare({
      phoneNumber: '254708374149',
      amount: AMOUNT,
      accountReference: 'BENCH',
      transactionDesc: 'bench',
      orderId: randomUUID(),
    }),
  ),
  simple('subscribe', false, ({ store }) =>
    store.subscribe(new Map([[StkCompleted.type, [HANDLER]]])),
  ),
];

function expectCount(rows: readonly unknown[], count: number): void {
  if (rows.length !== count) throw new Error(`${rows.length} rows, not ${count}`);
}

async function expectFound(found: Promise<unknown>): Promise<void> {
  if ((await found) === null) throw new Error('Not found');
}
