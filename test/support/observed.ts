import { context, metrics, propagation, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';

/** One series of a metric; of a histogram its count and sum. */
export interface Point {
  attributes: Record<string, unknown>;
  value: number | { count: number; sum?: number };
}

/** The SDK of OpenTelemetry, started, which keeps in memory what it is given. */
export class Observed {
  private readonly exporter = new InMemorySpanExporter();
  private readonly tracing = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(this.exporter)],
  });
  private readonly reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    exportIntervalMillis: 3_600_000,
  });
  private readonly metering = new MeterProvider({ readers: [this.reader] });

  constructor() {
    this.tracing.register();
    metrics.setGlobalMeterProvider(this.metering);
  }

  get spans(): ReadableSpan[] {
    return this.exporter.getFinishedSpans();
  }

  /** Those of the spans that have this name, of which there must be one. */
  span(name: string): ReadableSpan {
    const found = this.spans.filter((span) => span.name === name);
    if (found.length !== 1) {
      throw new Error(`${found.length} spans are named ${name}, not one: ${this.names.join(', ')}`);
    }
    return found[0]!;
  }

  get names(): string[] {
    return this.spans.map(({ name }) => name);
  }

  /** What the metrics are now, by their names. */
  async points(): Promise<Map<string, Point[]>> {
    const { resourceMetrics, errors } = await this.reader.collect();
    if (errors.length > 0) throw new AggregateError(errors);
    const all = resourceMetrics.scopeMetrics
      .flatMap((scope) => scope.metrics)
      .filter(({ dataPoints }) => dataPoints.length > 0);
    return new Map(
      all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints as unknown as Point[]]),
    );
  }

  async end(): Promise<void> {
    await Promise.all([this.tracing.shutdown(), this.metering.shutdown()]);
    trace.disable();
    metrics.disable();
    context.disable();
    propagation.disable();
  }
}
