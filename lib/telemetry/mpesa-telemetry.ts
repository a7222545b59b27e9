import type { CounterName, GaugeName, HistogramName } from './metrics.js';

/**
 * What a span or a measurement is told apart by: never a phone number, a secret or a URL.
 * @publicApi
 */
export type TelemetryAttributes = Record<string, string | number | undefined>;

/**
 * A piece of work that is to be a span.
 * @publicApi
 */
export interface SpanStart {
  /** Such as `stk.push`. */
  name: string;
  /** `client`: a call to Daraja. `consumer`: a callback or an event is taken in. */
  kind: 'internal' | 'client' | 'consumer';
  /** Known at its start; `SpanNote` adds others. */
  attributes?: TelemetryAttributes;
  /**
   * W3C traceparent of the work that it goes on with, perhaps in another process; what is under way is
   * linked to it. Null or left out: it belongs to what is under way.
   */
  continues?: string | null;
  /** When it began, in ms since 1970, where that was before now. */
  startedAt?: number;
}

/**
 * Takes attributes that are known later.
 * @publicApi
 */
export type SpanNote = (attributes: TelemetryAttributes) => void;

/**
 * Where traces and metrics go: `MpesaOpenTelemetry` of `nestjs-mpesa/opentelemetry`, and nowhere without.
 * No method throws by itself.
 * @publicApi
 */
export abstract class MpesaTelemetry {
  /** W3C traceparent of the span that is under way; null where there is none. */
  abstract traceparent(): string | null;

  /** Runs the work as a span that ends with it; the outcome is the work's. */
  abstract span<T>(start: SpanStart, work: (note: SpanNote) => Promise<T>): Promise<T>;

  /** Adds one to a counter. */
  abstract count(metric: CounterName, attributes: TelemetryAttributes): void;

  /** Records a duration in a histogram, in seconds. */
  abstract measure(metric: HistogramName, seconds: number, attributes: TelemetryAttributes): void;

  /** Has gauges read whenever metrics are collected, until the returned function is called. */
  abstract observe(read: () => Promise<Partial<Record<GaugeName, number>>>): () => void;
}
