import { HttpService } from '@nestjs/axios';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Agent } from 'undici';
import { Clock } from '../attempts/clock.js';
import { MpesaTelemetry } from '../telemetry/mpesa-telemetry.js';
import { NO_TELEMETRY } from '../telemetry/no-telemetry.js';
import type { DarajaEndpoint } from './circuit-breakers.js';
import { Connections } from './connections.js';
import { darajaAdapter } from './daraja-adapter.js';
import { darajaAxiosConfig } from './daraja-axios-config.js';
import type { DarajaHttpOptions } from './daraja-http-options.js';
import { HttpExchange } from './http-exchange.js';
import type { HttpResult } from './http-result.js';
import { transportCause } from './transport-cause.js';

/** Token of the `DarajaHttpOptions` in force. */
export const DARAJA_HTTP_OPTIONS = Symbol.for('nestjs-mpesa.daraja-http-options');

export interface HttpCall {
  endpoint: DarajaEndpoint;
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Ends the call, whatever that leaves unknown. */
  signal?: AbortSignal;
  /** Asked as the last thing before a byte can be written; must be quick and must not throw. */
  mayStillSend?: () => boolean;
}

/** HTTP as Daraja needs it: bounded in time and size, and sure of what was not sent. */
@Injectable()
export class DarajaHttp implements OnModuleDestroy {
  readonly #connections: Connections;
  #dispatcher: Promise<Agent> | undefined;

  constructor(
    private readonly http: HttpService,
    clock: Clock,
    @Inject(DARAJA_HTTP_OPTIONS) private readonly timeouts: DarajaHttpOptions,
    private readonly telemetry: MpesaTelemetry = NO_TELEMETRY,
  ) {
    this.#connections = new Connections(clock);
  }

  /** Makes one request, once. Never rejects: what goes wrong is a `failure`. */
  async send(call: HttpCall): Promise<HttpResult> {
    if (call.signal?.aborted) return { kind: 'failure', sent: false, cause: 'aborted' };
    const { endpoint, method, url } = call;
    const attributes = {
      'mpesa.endpoint': endpoint,
      'http.request.method': method,
      'server.address': new URL(url).hostname,
    };
    return this.telemetry.span(
      { name: `daraja.${endpoint}`, kind: 'client', attributes },
      async (note) => {
        const started = performance.now();
        const result = await this.exchange(call);
        const outcome =
          result.kind === 'answer'
            ? { 'http.response.status_code': result.status }
            : { 'error.type': result.cause };
        note(outcome);
        this.telemetry.measure('mpesa.daraja.duration', (performance.now() - started) / 1_000, {
          'mpesa.endpoint': endpoint,
          ...outcome,
        });
        return result;
      },
    );
  }

  private async exchange(call: HttpCall): Promise<HttpResult> {
    const exchange = new HttpExchange(
      this.#connections,
      this.timeouts,
      call.mayStillSend ?? (() => true),
    );
    const onAbort = (): void => {
      exchange.end('aborted');
    };
    call.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await this.http.axiosRef.request<string>({
        adapter: darajaAdapter(exchange, await this.dispatcher()),
        method: call.method,
        url: call.url,
        headers: { Accept: 'application/json', 'User-Agent': 'nestjs-mpesa', ...call.headers },
        data: call.body,
        ...darajaAxiosConfig(),
      });
      const retryAfter: unknown = answer.headers['retry-after'];
      return {
        kind: 'answer',
        status: answer.status,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
        text: answer.data,
      };
    } catch (error) {
      const cause = exchange.end(transportCause(error));
      return { kind: 'failure', sent: exchange.sent, cause };
    } finally {
      exchange.close();
      call.signal?.removeEventListener('abort', onAbort);
    }
  }

  /** What is in flight runs on; what comes later opens connections of its own. */
  onModuleDestroy(): void {
    const old = this.#dispatcher;
    this.#dispatcher = undefined;
    void old?.then((dispatcher) => dispatcher.close());
  }

  /** Loaded with the first call: it takes longer to load than the rest, and many an application never calls. */
  private dispatcher(): Promise<Agent> {
    this.#dispatcher ??= import('./daraja-dispatcher.js').then(({ darajaDispatcher }) =>
      darajaDispatcher(this.#connections, this.timeouts.connectTimeoutMs),
    );
    return this.#dispatcher;
  }
}
