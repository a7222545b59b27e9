import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  Headers,
  type INestApplication,
  Module,
  type NestInterceptor,
  SetMetadata,
  type Type,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory, Reflector } from '@nestjs/core';
import { jest } from '@jest/globals';
import { map, type Observable, timeout } from 'rxjs';
import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { drawCallbackToken } from '../../lib/attempts/callback-token.js';
import { EvidenceService } from '../../lib/attempts/evidence.service.js';
import type { InMemoryAttemptStore } from '../../lib/attempts/in-memory-attempt.store.js';
import { StkCallbackBody } from '../../lib/callback/stk-callback-body.decorator.js';
import type { StkCallbackRequest } from '../../lib/callback/stk-callback-request.js';
import { StkCallbackRoute } from '../../lib/callback/stk-callback-route.decorator.js';
import { createStkCallbackController } from '../../lib/callback/stk-callback.controller.js';
import { StkCallbackService } from '../../lib/callback/stk-callback.service.js';
import type { MpesaModuleExtras } from '../../lib/mpesa-extras.js';
import { MpesaModule } from '../../lib/mpesa.module.js';
import { cancelledBody, paidBody, pendingAttempt } from '../support/callback-parts.js';
import { settled } from '../support/fake-clock.js';
import { HTTP_PLATFORMS } from '../support/http-platforms.js';
import { RecordingLogger } from '../support/recording-logger.js';

const ACCEPTED = '{"ResultCode":0,"ResultDesc":"Accepted"}';
const NOT_STORED = '{"ResultCode":1,"ResultDesc":"Try again"}';

const Public = (): ClassDecorator => SetMetadata('isPublic', true);

/** Lets nobody in but where the route says so. */
class AuthGuard implements CanActivate {
  private readonly reflector = new Reflector();

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<boolean>('isPublic', places);
  }
}

class WrappingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data) => Object.assign(data as object, { wrapped: true })));
  }
}

class FailingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map(() => {
        throw new Error('cannot map this');
      }),
    );
  }
}

/** Answers every exception, without a look at whether an answer is out. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(_error: unknown, host: ArgumentsHost): void {
    const response: unknown = host.switchToHttp().getResponse();
    this.adapterHost.httpAdapter.reply(response, { caught: true }, 418);
  }
}

@Public()
@Controller({ path: 'webhooks/mpesa', version: '2' })
class HandWrittenController {
  readonly shortCodes: string[] = [];

  constructor(private readonly callbacks: StkCallbackService) {}

  @StkCallbackRoute()
  async receive(
    @StkCallbackBody() callback: StkCallbackRequest,
    @Headers('businessshortcode') shortCode = 'none',
  ): Promise<{ mine: boolean }> {
    this.shortCodes.push(shortCode);
    await this.callbacks.receive(callback);
    return { mine: true };
  }
}

@Module({})
class AppModule {
  static with(extras: Partial<MpesaModuleExtras>, controllers: Type[] = []): DynamicModule {
    const mpesa = MpesaModule.forRoot({
      environment: 'sandbox',
      consumerKey: 'consumer-key',
      consumerSecret: 'consumer-secret',
      shortCode: '174379',
      passKey: 'passkey',
      callbackUrl: 'https://shop.example/stk/callback',
      ...extras,
    });
    return { module: AppModule, imports: [mpesa], controllers };
  }
}

/** Resolves when `condition` holds; fails after 5 s. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(5_000);
  while (!(await condition())) {
    deadline.throwIfAborted();
    await settled();
  }
}

describe.each(HTTP_PLATFORMS)('callback route on %s', (_platform, adapter) => {
  let app: INestApplication;
  let store: InMemoryAttemptStore;
  let logger: RecordingLogger;

  const start = async (
    module: DynamicModule = AppModule.with({}),
    prepare: (app: INestApplication) => void = () => {},
  ): Promise<void> => {
    logger = new RecordingLogger();
    app = await NestFactory.create(module, adapter(), { logger });
    prepare(app);
    await app.listen(0, '127.0.0.1');
    store = app.get(AttemptStore);
  };

  afterEach(() => app.close());

  const pending = () => pendingAttempt(store, app.get(EvidenceService));

  /** Posts as Daraja does. */
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(path, await app.getUrl()), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const { status } = response;
    return { status, type: response.headers.get('content-type'), body: await response.text() };
  };

  const accepted = { status: 200, type: 'application/json; charset=utf-8', body: ACCEPTED };
  const notStored = { ...accepted, status: 503, body: NOT_STORED };

  it('takes a callback and answers in Daraja’s own words', async () => {
    await start();
    const { id, token } = await pending();

    expect(await post(`/stk/callback/${token}`, paidBody(id))).toEqual(accepted);
    expect(await store.find(id)).toMatchObject({ status: 'completed' });
    expect(logger.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('answers everything that it has kept in the same way', async () => {
    await start();
    const { id, token } = await pending();
    const url = `/stk/callback/${token}`;

    expect(await post(url, paidBody(id, 1))).toEqual(accepted);
    expect(await post(url, {})).toEqual(accepted);
    expect(await post(url, [])).toEqual(accepted);
    expect(await post(url, { Body: { Fault: {} } })).toEqual(accepted);
    expect(await post(`/stk/callback/${drawCallbackToken()}`, paidBody(id))).toEqual(accepted);
    expect(await post('/stk/callback/x', paidBody(id))).toEqual(accepted);
    expect(await store.find(id)).toMatchObject({ status: 'pending', receipt: null });
    expect(store.quarantined.map(({ problem }) => problem)).toEqual([
      'malformed',
      'malformed',
      'malformed',
      'unknown-token',
      'unknown-token',
    ]);

    expect(await post(url, cancelledBody(id))).toEqual(accepted);
    expect(await post(url, cancelledBody(id))).toEqual(accepted);
    expect(await store.find(id)).toMatchObject({ status: 'failed' });
  });

  it('keeps the address from which the connection came, not one that the sender wrote', async () => {
    await start();
    await post('/stk/callback/x', {}, { 'X-Forwarded-For': '196.201.214.200' });

    expect(store.quarantined[0]?.sourceIp).toBe('127.0.0.1');
  });

  it('answers 503 when it could not be kept, and takes it when it comes again', async () => {
    await start();
    const { id, token } = await pending();
    const { settle, quarantine } = store;
    store.settle = () => Promise.reject(new Error('connection refused'));
    store.quarantine = () => Promise.reject(new Error('connection refused'));

    expect(await post(`/stk/callback/${token}`, paidBody(id))).toEqual(notStored);
    expect(await post(`/stk/callback/${token}`, {})).toEqual(notStored);
    expect(await post('/stk/callback/x', {})).toEqual(notStored);
    expect(logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(3);
    expect(logger.lines.join()).not.toContain(token);

    Object.assign(store, { settle, quarantine });
    expect(await post(`/stk/callback/${token}`, paidBody(id))).toEqual(accepted);
    expect(await store.find(id)).toMatchObject({ status: 'completed' });
  });

  describe('in an application that is strict with everybody', () => {
    const strict = (host: INestApplication) => {
      host.setGlobalPrefix('api');
      host.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
      host.useGlobalPipes(
        new ValidationPipe({
          whitelist: true,
          forbidNonWhitelisted: true,
          forbidUnknownValues: true,
          transform: true,
          validateCustomDecorators: true,
        }),
      );
      host.useGlobalGuards(new AuthGuard());
      host.useGlobalInterceptors(new WrappingInterceptor());
      host.useGlobalFilters(new CatchAllFilter(host.get(HttpAdapterHost)));
    };

    it('works outside versioning, when its decorators open it', async () => {
      await start(AppModule.with({ controllerDecorators: [Public()] }), strict);
      const { id, token } = await pending();
      const url = `/api/stk/callback/${token}`;

      expect(await post(url, {})).toEqual(accepted);
      expect(await post('/api/stk/callback/x', paidBody(id))).toEqual(accepted);
      expect(await post(url, paidBody(id))).toEqual(accepted);
      expect(await store.find(id)).toMatchObject({ status: 'completed' });
      expect(store.quarantined).toHaveLength(2);
    });

    it('is shut by the guard without them', async () => {
      await start(AppModule.with({}), strict);
      const { id, token } = await pending();

      expect((await post(`/api/stk/callback/${token}`, paidBody(id))).status).toBe(418);
      expect(await store.find(id)).toMatchObject({ status: 'pending' });
    });

    it('works as a controller of the application’s own, where that puts it', async () => {
      await start(AppModule.with({ callbackController: false }, [HandWrittenController]), strict);
      const { id, token } = await pending();
      const url = `/api/v2/webhooks/mpesa/${token}`;

      expect(await post(url, {})).toEqual(accepted);
      expect(await post(url, paidBody(id), { Businessshortcode: '174379' })).toEqual(accepted);
      expect(await post(url, paidBody(id))).toEqual(accepted);
      expect(app.get(HandWrittenController).shortCodes).toEqual(['none', '174379', 'none']);
      expect(await store.find(id)).toMatchObject({ status: 'completed' });

      store.settle = () => Promise.reject(new Error('connection refused'));
      expect(await post(url, paidBody(id))).toEqual(notStored);
    });

    it('has answered before an interceptor around it fails', async () => {
      await start(AppModule.with({ controllerDecorators: [Public()] }), (host) => {
        strict(host);
        host.useGlobalInterceptors(new FailingInterceptor());
      });
      const { id, token } = await pending();

      expect(await post(`/api/stk/callback/${token}`, paidBody(id))).toEqual(accepted);
      expect(await post(`/api/stk/callback/${token}`, {})).toEqual(accepted);
      expect(await store.find(id)).toMatchObject({ status: 'completed' });
    });

    it('says nothing more when the application has given up waiting', async () => {
      await start(AppModule.with({ controllerDecorators: [Public()] }), (host) => {
        strict(host);
        host.useGlobalInterceptors({ intercept: (_, next) => next.handle().pipe(timeout(20)) });
      });
      const { id, token } = await pending();
      const reply = jest.spyOn(app.get(HttpAdapterHost).httpAdapter, 'reply');
      const settle = store.settle.bind(store);
      let release = () => {};
      const gate = new Promise<void>((resolve) => (release = resolve));
      store.settle = (...args) => gate.then(() => settle(...args));

      expect((await post(`/api/stk/callback/${token}`, paidBody(id))).status).toBe(418);
      release();
      await until(async () => (await store.find(id))?.status === 'completed');
      await settled();
      expect(reply).toHaveBeenCalledTimes(1);
    });
  });
});

describe('createStkCallbackController', () => {
  it('makes another class each time, with a path and decorators of its own', () => {
    const open = createStkCallbackController('one', [Public()]);
    const shut = createStkCallbackController('other');

    expect(open).not.toBe(shut);
    expect(Reflect.getMetadata('path', open)).toBe('one');
    expect(Reflect.getMetadata('path', shut)).toBe('other');
    expect(Reflect.getMetadata('isPublic', open)).toBe(true);
    expect(Reflect.hasMetadata('isPublic', shut)).toBe(false);
  });

  it('does no harm in a context without HTTP', async () => {
    const context = await NestFactory.createApplicationContext(AppModule.with({}), {
      logger: false,
    });

    expect(context.get(StkCallbackService)).toBeInstanceOf(StkCallbackService);
    await context.close();
  });
});
