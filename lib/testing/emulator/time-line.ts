import { cleanText } from '../../redaction/clean-text.js';
import type { EmulatorDelivery } from './emulator-delivery.js';
import type { EmulatorRequest } from './emulator-request.js';
import { redactBody } from './redact-body.js';

/** A request to Daraja's side, or a callback from it, as the control panel shows it. */
export interface TimeLineEntry {
  id: string;
  /** ISO 8601. */
  at: string;
  /** Number of the delivery that can be sent again; null for a request. */
  delivery: number | null;
  title: string;
  /** HTTP status of the answer, or what came instead of one. */
  outcome: string;
  sent: unknown;
  answer: unknown;
}

/** What the panel remembers: it is sent whole at each change. */
const KEPT = 40;

const TITLES: Readonly<Record<string, string>> = {
  '/oauth/v1/generate': 'Token request',
  '/mpesa/stkpush/v1/processrequest': 'Push',
  '/mpesa/stkpushquery/v1/query': 'Query',
};

/** The latest first. Of two at the same time the request comes before the callback that it led to. */
export const timeLine = (
  received: readonly EmulatorRequest[],
  deliveries: readonly EmulatorDelivery[],
): TimeLineEntry[] => {
  const requests = received.slice(-KEPT).map(requestEntry(Math.max(0, received.length - KEPT)));
  const callbacks = deliveries
    .slice(-KEPT)
    .map(callbackEntry(Math.max(0, deliveries.length - KEPT)));
  return [...requests, ...callbacks]
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(-KEPT)
    .reverse();
};

const requestEntry =
  (from: number) =>
  ({ at, method, path, body, answer }: EmulatorRequest, index: number): TimeLineEntry => ({
    id: `request-${from + index}`,
    at: new Date(at).toISOString(),
    delivery: null,
    title: TITLES[path] ?? cleanText(`${method} ${path}`, 100),
    outcome: answer ? String(answer.status) : 'no answer',
    sent: redactBody(body),
    answer: redactBody(answer?.body ?? null),
  });

const callbackEntry =
  (from: number) =>
  ({ at, body, state, status }: EmulatorDelivery, index: number): TimeLineEntry => ({
    id: `callback-${from + index}`,
    at: new Date(at).toISOString(),
    delivery: from + index,
    title: 'Callback',
    outcome: state === 'answered' ? String(status ?? 'answered') : WITHOUT_ANSWER[state],
    sent: redactBody(JSON.parse(body)),
    answer: null,
  });

const WITHOUT_ANSWER = { 'under-way': 'under way', failed: 'not delivered' } as const;
