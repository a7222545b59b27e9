import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { type AbstractHttpAdapter, ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { type CallbackBytes, readCallbackBytes } from './callback-bytes.js';
import { mountedCallbackPath, tokenSegment } from './callback-path.js';

/** Path of the module's own callback controller; null where the application mounts its own. */
export const CALLBACK_PATH = Symbol.for('nestjs-mpesa.callback-path');

const taken = new WeakMap<object, CallbackBytes>();

/** What was read of a request before the framework could; undefined where the framework read it. */
export const takenBytes = (request: object): CallbackBytes | undefined => taken.get(request);

interface ExpressInstance {
  use(handler: (request: IncomingMessage, response: unknown, next: () => void) => void): void;
}

interface FastifyInstance {
  addHook(
    name: 'preParsing',
    hook: (
      request: { raw: IncomingMessage },
      reply: unknown,
      payload: unknown,
      done: (error: null, payload: unknown) => void,
    ) => void,
  ): void;
}

/**
 * Reads what is posted to the callback route before the framework's parser, which would answer much of it
 * by itself. Takes its place while providers are made: Express's parser comes after them, and a hook of
 * Fastify counts for routes that are added later.
 */
@Injectable()
export class CallbackIntake {
  constructor(
    adapterHost: HttpAdapterHost,
    private readonly config: ApplicationConfig,
    @Inject(CALLBACK_PATH) private readonly callbackPath: string | null,
  ) {
    if (callbackPath === null) return;
    // A testing module makes providers before it has an adapter. Early versions of Nest 11 do not tell.
    const { httpAdapter, init$ } = adapterHost as Partial<HttpAdapterHost>;
    if (httpAdapter) this.mountOn(httpAdapter);
    else
      init$?.subscribe(() => {
        // A context without HTTP is told, too.
        const { httpAdapter: made } = adapterHost as Partial<HttpAdapterHost>;
        if (made) this.mountOn(made);
      });
  }

  private mountOn(adapter: AbstractHttpAdapter): void {
    const instance: unknown = adapter.getInstance();
    if (adapter.getType() === 'express') {
      (instance as ExpressInstance).use((request, _response, next) => {
        this.intercept(request, next);
      });
    } else if (adapter.getType() === 'fastify') {
      (instance as FastifyInstance).addHook('preParsing', ({ raw }, _reply, payload, done) => {
        this.intercept(raw, () => {
          done(null, payload);
        });
      });
    }
  }

  /** Requests of other routes go on at once. */
  private intercept(request: IncomingMessage, goOn: () => void): void {
    const token = this.tokenOf(request);
    if (token === null) goOn();
    else void this.take(request, token).then(goOn);
  }

  private async take(request: IncomingMessage, token: string): Promise<void> {
    const read = await readCallbackBytes(request);
    if (!read) return;
    taken.set(request, read);
    // Every parser takes it for a request without a body: there is none left.
    delete request.headers['content-type'];
    delete request.headers['content-length'];
    delete request.headers['transfer-encoding'];
    // Express answers a segment that cannot be decoded by itself.
    if (!isDecodable(token)) request.url = request.url?.replace(token, '-');
  }

  private tokenOf({ method, url }: IncomingMessage): string | null {
    if (method !== 'POST' || url === undefined || this.callbackPath === null) return null;
    return tokenSegment(url, mountedCallbackPath(this.config, this.callbackPath));
  }
}

function isDecodable(segment: string): boolean {
  try {
    decodeURIComponent(segment);
    return true;
  } catch {
    return false;
  }
}
