import type { IncomingMessage, ServerResponse } from 'node:http';
import { darajaResponse } from './daraja-response.builder.js';
import type { EmulatorContext } from './emulator-context.js';
import { answerOf, recordOf } from './emulator-request.js';
import type { EmulatorRequest, OpenRequest } from './emulator-request.js';
import { Exchange, UnreadableBodyError } from './exchange.js';
import { generateToken } from './oauth.endpoint.js';
import type { PhoneApi } from './phone.api.js';
import { processPush } from './push.endpoint.js';
import { answerQuery } from './query.endpoint.js';

interface Endpoint {
  method: 'GET' | 'POST';
  handle: (exchange: Exchange, body: string, context: EmulatorContext) => Promise<void>;
}

const ENDPOINTS = new Map<string, Endpoint>([
  [
    '/oauth/v1/generate',
    { method: 'GET', handle: (exchange, _body, context) => generateToken(exchange, context) },
  ],
  ['/mpesa/stkpush/v1/processrequest', { method: 'POST', handle: processPush }],
  ['/mpesa/stkpushquery/v1/query', { method: 'POST', handle: answerQuery }],
]);

/** Finds who answers a request, and answers where nobody does. */
export class EmulatorRouter {
  readonly received: EmulatorRequest[] = [];

  constructor(
    private readonly context: EmulatorContext,
    private readonly phone: PhoneApi,
    private readonly changed: () => void,
  ) {}

  /** Never rejects: whatever goes wrong is an answer, or a connection that has ended. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new Exchange(request, response);
    try {
      if (exchange.path === '/phone' || exchange.path.startsWith('/phone/')) {
        await this.phone.handle(exchange);
      } else {
        await this.record(exchange);
      }
    } catch (error) {
      if (response.headersSent || response.destroyed) response.destroy();
      else await this.refuse(exchange, error);
    }
  }

  /** Answers, and notes what came and what was answered. */
  private async record(exchange: Exchange): Promise<void> {
    let body: string | null = null;
    try {
      body = await exchange.readBody();
    } finally {
      const record: OpenRequest = recordOf(this.context.agenda.now(), exchange, body);
      this.received.push(record);
      this.changed();
      exchange.onReply = (reply) => {
        record.answer = answerOf(reply);
        this.changed();
      };
    }
    await this.handleDaraja(exchange, body);
  }

  private async handleDaraja(exchange: Exchange, body: string): Promise<void> {
    const endpoint = ENDPOINTS.get(exchange.path);
    if (!endpoint) return this.error(exchange, 404, '404.001.01', 'Resource not found');
    if (exchange.method !== endpoint.method) {
      return this.error(exchange, 405, '405.001', 'Method Not Allowed');
    }
    return endpoint.handle(exchange, body, this.context);
  }

  private async refuse(exchange: Exchange, error: unknown): Promise<void> {
    if (!(error instanceof UnreadableBodyError)) {
      return this.error(exchange, 500, '500.003.1001', 'Internal Server Error');
    }
    // The rest of the body is not waited for, so nothing else can come on this connection.
    exchange.response.setHeader('Connection', 'close');
    return exchange.send(
      darajaResponse.fault(413, 'Body buffer overflow', 'protocol.http.TooBigBody'),
    );
  }

  private error(
    exchange: Exchange,
    status: number,
    errorCode: string,
    errorMessage: string,
  ): Promise<void> {
    const requestId = this.context.ids.request();
    return exchange.send(darajaResponse.error({ status, errorCode, errorMessage, requestId }));
  }
}
