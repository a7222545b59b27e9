import { MpesaTelemetry, type SpanNote, type SpanStart } from './mpesa-telemetry.js';

class NoTelemetry extends MpesaTelemetry {
  traceparent(): null {
    return null;
  }

  span<T>(_start: SpanStart, work: (note: SpanNote) => Promise<T>): Promise<T> {
    return work(nothing);
  }

  count(): void {
    return undefined;
  }

  measure(): void {
    return undefined;
  }

  observe(): () => void {
    return nothing;
  }
}

const nothing = (): void => undefined;

/** Where an application wants no traces and no metrics. */
export const NO_TELEMETRY: MpesaTelemetry = new NoTelemetry();
