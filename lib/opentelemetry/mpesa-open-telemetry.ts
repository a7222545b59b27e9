import {
  type BatchObservableCallback,
  context,
  type Context,
  type Counter,
  type Histogram,
  isSpanContextValid,
  type Link,
  metrics,
  type ObservableGauge,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { MpesaError } from '../mpesa.error.js';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type MetricSpec,
  MPESA_METRICS,
} from '../telemetry/metrics.js';
import {
  MpesaTelemetry,
  type SpanNote,
  type SpanStart,
  type TelemetryAttributes,
} from '../telemetry/mpesa-telemetry.js';
import { readTraceparent, writeTraceparent } from './traceparent.js';

const SCOPE = 'nestjs-mpesa';
const KINDS = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
} as const;

/**
 * Traces and metrics by the API of OpenTelemetry, to whatever SDK the application has started. Start that
 * first: metrics of an SDK that comes later are lost.
 *
 * ```ts
 * MpesaModule.forRoot({ …, telemetry: new MpesaOpenTelemetry() })
 * ```
 * @publicApi
 */
export class MpesaOpenTelemetry extends MpesaTelemetry {
  readonly #tracer = trace.getTracer(SCOPE);
  readonly #meter = metrics.getMeter(SCOPE);
  readonly #counters = this.instruments('counter', (name, options) =>
    this.#meter.createCounter(name, options),
  ) as ReadonlyMap<CounterName, Counter>;
  readonly #histograms = this.instruments('histogram', (name, { buckets, ...options }) =>
    this.#meter.createHistogram(name, {
      ...options,
      advice: { explicitBucketBoundaries: [...(buckets ?? [])] },
    }),
  ) as ReadonlyMap<HistogramName, Histogram>;
  readonly #gauges = this.instruments('gauge', (name, options) =>
    this.#meter.createObservableGauge(name, options),
  ) as ReadonlyMap<GaugeName, ObservableGauge>;

  traceparent(): string | null {
    const active = trace.getSpanContext(context.active());
    return active && isSpanContextValid(active) ? writeTraceparent(active) : null;
  }

  span<T>(start: SpanStart, work: (note: SpanNote) => Promise<T>): Promise<T> {
    const { parent, links } = placeOf(start.continues ?? null);
    const { name, attributes, startedAt } = start;
    const options = { kind: KINDS[start.kind], attributes, links, startTime: startedAt };
    const span = this.#tracer.startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), async () => {
      try {
        return await work((known) => span.setAttributes(known));
      } catch (error) {
        // Its kind, never its text: that is for the log, which cleans it.
        span.setAttribute('error.type', typeOf(error)).setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** Adds one to a counter. */
  count(metric: CounterName, attributes: TelemetryAttributes): void {
    this.#counters.get(metric)?.add(1, attributes);
  }

  /** Records a duration in a histogram, in seconds. */
  measure(metric: HistogramName, seconds: number, attributes: TelemetryAttributes): void {
    this.#histograms.get(metric)?.record(seconds, attributes);
  }

  observe(read: () => Promise<Partial<Record<GaugeName, number>>>): () => void {
    const gauges = [...this.#gauges];
    const instruments = gauges.map(([, gauge]) => gauge);
    const callback: BatchObservableCallback = async (result) => {
      const values = await read();
      for (const [name, gauge] of gauges) {
        const value = values[name];
        if (value !== undefined) result.observe(gauge, value);
      }
    };
    this.#meter.addBatchObservableCallback(callback, instruments);
    return () => {
      this.#meter.removeBatchObservableCallback(callback, instruments);
    };
  }

  private instruments<T>(
    kind: MetricSpec['kind'],
    create: (name: string, spec: Omit<MetricSpec, 'kind'>) => T,
  ): ReadonlyMap<string, T> {
    const specs = Object.entries<MetricSpec>(MPESA_METRICS);
    return new Map(
      specs
        .filter(([, spec]) => spec.kind === kind)
        .map(([name, spec]) => [name, create(name, spec)]),
    );
  }
}

/** What is under way stays the parent where it is of the same trace; else it is linked. */
function placeOf(continued: string | null): { parent: Context; links: Link[] } {
  const under = context.active();
  const earlier = continued === null ? null : readTraceparent(continued);
  const active = trace.getSpanContext(under);
  if (!earlier || active?.traceId === earlier.traceId) return { parent: under, links: [] };
  const links = active && isSpanContextValid(active) ? [{ context: active }] : [];
  return { parent: trace.setSpanContext(under, earlier), links };
}

function typeOf(error: unknown): string {
  if (MpesaError.is(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
