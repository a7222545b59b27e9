/**
 * How a metric is measured, its unit as UCUM writes it, and what it tells.
 * @publicApi
 */
export interface MetricSpec {
  /** A sum, a distribution, or a value that is read. */
  kind: 'counter' | 'histogram' | 'gauge';
  /** As UCUM writes it: `s`, `{attempt}`. */
  unit: string;
  /** What it tells. */
  description: string;
  /** Bounds of a histogram's buckets. */
  buckets?: readonly number[];
}

/** Of calls, which have a time limit. */
const CALL_S = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20];
/** Of people, who have to find their phone. */
const PERSON_S = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300];

/**
 * Every metric there is: `docs/observability.md` has the same table.
 * @publicApi
 */
export const MPESA_METRICS = {
  'mpesa.attempts': {
    kind: 'counter',
    unit: '{attempt}',
    description: 'Attempts, at each status that they come to',
  },
  'mpesa.daraja.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Duration of calls to Daraja',
    buckets: CALL_S,
  },
  'mpesa.token.refreshes': {
    kind: 'counter',
    unit: '{token}',
    description: 'Access tokens that Daraja was asked for',
  },
  'mpesa.query.budget': {
    kind: 'counter',
    unit: '{permit}',
    description: 'What became of the budget of queries',
  },
  'mpesa.callback.lag': {
    kind: 'histogram',
    unit: 's',
    description: 'From the push until its callback was taken in',
    buckets: PERSON_S,
  },
  'mpesa.callbacks.quarantined': {
    kind: 'counter',
    unit: '{callback}',
    description: 'Callbacks that counted for nothing',
  },
  'mpesa.handler.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Duration of event handlers, each try',
    buckets: CALL_S,
  },
  'mpesa.outbox.lag': {
    kind: 'gauge',
    unit: 's',
    description: 'For how long the longest due event has been due',
  },
  'mpesa.events.dead': {
    kind: 'gauge',
    unit: '{event}',
    description: 'Events that are parked, as a handler failed for good',
  },
  'mpesa.attempt.unresolved.age': {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the oldest attempt that is not settled',
  },
  'mpesa.circuits.open': {
    kind: 'gauge',
    unit: '{endpoint}',
    description: 'Endpoints of Daraja to which this process makes no calls',
  },
} as const satisfies Record<string, MetricSpec>;

type MetricOf<Kind extends MetricSpec['kind']> = {
  [Name in keyof typeof MPESA_METRICS]: (typeof MPESA_METRICS)[Name]['kind'] extends Kind
    ? Name
    : never;
}[keyof typeof MPESA_METRICS];

export type CounterName = MetricOf<'counter'>;
export type HistogramName = MetricOf<'histogram'>;
export type GaugeName = MetricOf<'gauge'>;
