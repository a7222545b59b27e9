import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DynamicModule, type INestApplication, Module, type Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { EvidenceService } from '../../lib/attempts/evidence.service.js';
import type { InMemoryAttemptStore } from '../../lib/attempts/in-memory-attempt.store.js';
import type { MpesaModuleExtras } from '../../lib/mpesa-extras.js';
import { MpesaModule } from '../../lib/mpesa.module.js';
import type { MpesaModuleOptions } from '../../lib/mpesa.options.js';
import { pendingAttempt } from './callback-parts.js';
import { RecordingLogger } from './recording-logger.js';

@Module({})
class AppModule {}

export const callbackModule = (
  options: Partial<MpesaModuleOptions & MpesaModuleExtras> = {},
  controllers: Type[] = [],
): DynamicModule => ({
  module: AppModule,
  imports: [
    MpesaModule.forRoot({
      environment: 'sandbox',
      consumerKey: 'consumer-key',
      consumerSecret: 'consumer-secret',
      shortCode: '174379',
      passKey: 'passkey',
      callbackUrl: 'https://shop.example/stk/callback',
      ...options,
    }),
  ],
  controllers,
});

/** What came back, to the byte as far as it may not differ. */
export interface Answer {
  status: number;
  type: string | undefined;
  body: string;
}

export const ACCEPTED: Answer = {
  status: 200,
  type: 'application/json; charset=utf-8',
  body: '{"ResultCode":0,"ResultDesc":"Accepted"}',
};

export const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' };

/** An application that listens, with the callback route and the in-memory store. */
export class CallbackApp {
  private seen = 0;

  private constructor(
    readonly app: INestApplication,
    readonly logger: RecordingLogger,
    readonly port: number,
  ) {}

  static async start(
    adapter: AbstractHttpAdapter,
    module = callbackModule(),
    prepare: (app: INestApplication) => void = () => {},
  ): Promise<CallbackApp> {
    const logger = new RecordingLogger();
    const app = await NestFactory.create(module, adapter, { logger, abortOnError: false });
    try {
      prepare(app);
      await app.listen(0, '127.0.0.1');
    } catch (error) {
      await app.close();
      throw error;
    }
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    return new CallbackApp(app, logger, port);
  }

  get store(): InMemoryAttemptStore {
    return this.app.get(AttemptStore);
  }

  pending() {
    return pendingAttempt(this.store, this.app.get(EvidenceService));
  }

  statusOf = async (id: string) => (await this.store.find(id))?.status;

  /** What was quarantined of it, since the last look. */
  quarantined(): string[] {
    const all = this.store.quarantined.map(({ problem, detail }) => `${problem}: ${detail}`);
    const fresh = all.slice(this.seen);
    this.seen = all.length;
    return fresh;
  }

  /** Posts these bytes with these headers and no others, whatever a client would think of them. */
  post(path: string, body: string | Buffer | object, headers: object = JSON_TYPE): Promise<Answer> {
    const bytes =
      typeof body === 'string' || Buffer.isBuffer(body) ? Buffer.from(body) : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        port: this.port,
        host: '127.0.0.1',
        path,
        method: 'POST',
        agent: false,
        headers: { 'content-length': Buffer.byteLength(bytes), ...headers },
      });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: received } = response;
          const text = Buffer.concat(chunks).toString();
          resolve({ status, type: received['content-type'], body: text });
        });
      });
      request.setTimeout(30_000, () => request.destroy(new Error('No answer within 30 s')));
      request.end(bytes);
    });
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
