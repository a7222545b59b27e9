import { createHash } from 'node:crypto';
import { parseStkCallback } from '../../../lib/index.js';
import type { EmulatorDelivery } from '../../../lib/testing.js';
import type { Deployment } from './deployment.js';

interface AttemptRow {
  id: string;
  status: string;
  order_key: string;
  order_slot: string | null;
  account_reference: string;
  receipt: string | null;
  review: string;
  sends: number;
  next_check_at: Date | null;
}
interface EvidenceRow {
  attempt_id: string;
  kind: string;
  from_status: string;
  to_status: string;
  detail: string;
  digest: string | null;
}
interface EventRow {
  seq: string;
  id: string;
  type: string;
  attempt_id: string;
  order_key: string;
}
interface DeliveryRow {
  event_seq: string;
  handler: string;
  due_at: Date | null;
  dead_at: Date | null;
}

/** Everything that the tables and Daraja's side say. */
export async function factsOf(deployment: Deployment) {
  const { database, emulator } = deployment;
  return {
    attempts: await database.query<AttemptRow>('SELECT * FROM mpesa_attempt ORDER BY seq'),
    evidence: await database.query<EvidenceRow>(
      'SELECT * FROM mpesa_evidence WHERE attempt_id IS NOT NULL ORDER BY seq',
    ),
    settlements: await database.query<{ order_key: string; attempt_id: string }>(
      'SELECT * FROM mpesa_settlement',
    ),
    events: await database.query<EventRow>('SELECT * FROM mpesa_event ORDER BY seq'),
    deliveries: await database.query<DeliveryRow>('SELECT * FROM mpesa_delivery'),
    handled: await database.query<{ event_id: string }>('SELECT event_id FROM handled'),
    shipped: await database.query<{ event_id: string }>('SELECT event_id FROM shipped'),
    prompts: [...emulator.prompts.values()],
    pushed: deployment.pushesReceived(),
    callbacks: emulator.deliveries,
  };
}

type Facts = Awaited<ReturnType<typeof factsOf>>;

const RANK = [
  'created',
  'sending',
  'uncertain',
  'pending',
  'expired',
  'rejected',
  'failed',
  'completed',
];
const LIVE = RANK.slice(0, 4);
const COMPLETIONS = ['stk.completed', 'stk.completed-late', 'stk.duplicate-payment'];

/** Each names what breaks it; none where all is well. */
const INVARIANTS: Record<string, (facts: Facts) => string[]> = {
  'I1: no push without an attempt in the table': ({ attempts, pushed }) => {
    const known = new Set(attempts.map((attempt) => attempt.account_reference));
    return pushed.filter((reference) => !known.has(reference));
  },

  'I2: one live attempt for an order, which holds its slot': ({ attempts }) => {
    const live = attempts.filter(({ status }) => LIVE.includes(status));
    const without = live.filter((attempt) => attempt.order_slot !== attempt.order_key);
    return [...repeated(live.map(({ order_key }) => order_key)), ...without.map(({ id }) => id)];
  },

  'I3, I4: one push for an attempt, and never a second': ({ attempts, pushed }) => [
    ...repeated(pushed),
    ...attempts
      .filter(({ sends, account_reference }) => sends === 0 && pushed.includes(account_reference))
      .map(({ id }) => `${id} was sent without a claim`),
  ],

  'I5: the status never falls': ({ attempts, evidence }) =>
    attempts.flatMap(({ id, status }) => {
      const steps = evidence.filter(({ attempt_id }) => attempt_id === id);
      const ranks = steps.flatMap((step) => [step.from_status, step.to_status]);
      ranks.push(status);
      const falls = ranks.some(
        (word, i) => RANK.indexOf(word) < RANK.indexOf(ranks[i - 1] ?? word),
      );
      return falls ? [`${id}: ${ranks.join(', ')}`] : [];
    }),

  'I6: what is completed was paid': ({ attempts, prompts }) =>
    attempts
      .filter(({ status }) => status === 'completed')
      .filter(({ account_reference, receipt }) =>
        prompts.every(
          (prompt) =>
            prompt.accountReference !== account_reference ||
            prompt.status !== 'paid' ||
            (receipt !== null && prompt.receipt !== receipt),
        ),
      )
      .map(({ id }) => id),

  'I8: one completion is told of what is completed, and of nothing else': ({ attempts, events }) =>
    attempts.flatMap(({ id, status }) => {
      const told = events.filter((e) => e.attempt_id === id && COMPLETIONS.includes(e.type));
      const types = told.map(({ type }) => type).join(', ');
      return told.length === (status === 'completed' ? 1 : 0) ? [] : [`${id} ${status}: ${types}`];
    }),

  'I9: an order is paid once': ({ events, settlements }) => {
    const paid = events.filter(({ type }) => COMPLETIONS.slice(0, 2).includes(type));
    const settled = settlements.map((row) => `${row.order_key} ${row.attempt_id}`).sort();
    const told = paid.map((row) => `${row.order_key} ${row.attempt_id}`).sort();
    const differ = settled.join() === told.join() ? [] : [`${settled.join()} but ${told.join()}`];
    return [...repeated(paid.map(({ order_key }) => order_key)), ...differ];
  },

  'I10: every event is delivered, or visibly dead': ({ events, deliveries, handled }) =>
    events.flatMap(({ seq, id }) => {
      const mine = deliveries.find((d) => d.event_seq === seq && d.handler === 'ledger');
      if (!mine) return [`${id} waits for nobody`];
      if (mine.due_at) return [`${id} is not delivered`];
      const runs = handled.filter(({ event_id }) => event_id === id).length;
      return runs > 0 || mine.dead_at ? [] : [`${id} is done, and nobody handled it`];
    }),

  'I11: an effect in runOnce() happens once': ({ events, deliveries, shipped }) => {
    const due = events.filter(({ type, seq }) => {
      const delivery = deliveries.find((d) => d.event_seq === seq && d.handler === 'shipping');
      return type === 'stk.completed' && !delivery?.dead_at;
    });
    const effects = shipped.map(({ event_id }) => event_id);
    const missing = due.filter(({ id }) => !effects.includes(id)).map(({ id }) => `${id}: none`);
    return [...repeated(effects), ...missing];
  },

  'I12: what was answered with 200 is in the inbox': ({ callbacks, evidence }) => {
    const digests = new Set(evidence.map(({ digest }) => digest));
    return callbacks
      .filter(({ status }) => status === 200)
      .filter(({ body }) => !digestsOf(body).some((digest) => digests.has(digest)))
      .map(({ body }) => body);
  },

  'I14: nobody is forgotten': ({ attempts }) =>
    attempts
      .filter(({ status, next_check_at }) => RANK.indexOf(status) <= 4 && !next_check_at)
      .map(({ id, status }) => `${id} ${status}`),

  'I15: a failure has evidence': ({ attempts, evidence }) => {
    const proofs: Record<string, string[]> = {
      failed: ['callback', 'query'],
      rejected: ['not-sent', 'push-refused', 'left-behind'],
    };
    return attempts
      .filter(({ id, status }) => {
        const rise = evidence.find((e) => e.attempt_id === id && e.to_status === status);
        return proofs[status] && !proofs[status].includes(rise?.kind ?? '');
      })
      .map(({ id, status }) => `${id} ${status}`);
  },

  'I16: a receipt belongs to one attempt': ({ attempts }) =>
    repeated(attempts.flatMap(({ receipt }) => receipt ?? [])),

  'I17: money that was seen is not dropped': ({ attempts, callbacks, prompts }) =>
    callbacks.filter(saysPaid).flatMap(({ checkoutRequestId }) => {
      const prompt = prompts.find(({ id }) => id === checkoutRequestId);
      const attempt = attempts.find((a) => a.account_reference === prompt?.accountReference);
      const seen = attempt && (attempt.status === 'completed' || attempt.review !== '[]');
      return seen ? [] : [`${attempt?.id ?? checkoutRequestId} ${attempt?.status ?? ''}`];
    }),

  'I22: a slot is held by what is live, or in doubt': ({ attempts }) =>
    attempts
      .filter(
        ({ status, order_slot, review }) => !LIVE.includes(status) && order_slot && review === '[]',
      )
      .map(({ id, status }) => `${id} ${status}`),
};

/** What a deployment that has come to rest breaks: `I3: … : what`. */
export async function brokenInvariants(deployment: Deployment): Promise<string[]> {
  const facts = await factsOf(deployment);
  return Object.entries(INVARIANTS).flatMap(([name, violations]) =>
    violations(facts).map((violation) => `${name}: ${violation}`),
  );
}

const saysPaid = ({ status, body }: EmulatorDelivery): boolean =>
  status === 200 && parseStkCallback(JSON.parse(body)).resultCode === '0';

const digestsOf = (body: string): string[] =>
  [body, JSON.stringify(parseStkCallback(JSON.parse(body)))].map((text) =>
    createHash('sha256').update(text).digest('hex'),
  );

const repeated = (words: readonly string[]): string[] =>
  words.filter((word, i) => words.indexOf(word) !== i);
