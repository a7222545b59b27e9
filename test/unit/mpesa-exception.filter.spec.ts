import 'reflect-metadata';
import {
  Controller,
  Get,
  Logger,
  NotFoundException,
  Param,
  UseFilters,
  type ArgumentsHost,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { lastValueFrom, type Observable } from 'rxjs';
import { toStkAttempt } from '../../lib/attempts/stk-attempt.js';
import { StkCallbackError } from '../../lib/callback/stk-callback.error.js';
import {
  DarajaAuthError,
  DarajaThrottledError,
  DarajaUnavailableError,
} from '../../lib/daraja/daraja.errors.js';
import { MpesaConfigError } from '../../lib/mpesa-config.error.js';
import { MpesaExceptionFilter } from '../../lib/mpesa-exception.filter.js';
import { StkErasureError } from '../../lib/admin/stk-erasure.error.js';
import { StkResolutionError } from '../../lib/admin/stk-resolution.error.js';
import { MpesaError } from '../../lib/mpesa.error.js';
import {
  StkIdempotencyError,
  StkInvalidInputError,
  StkOrderBusyError,
  StkOrderPaidError,
  StkRejectedError,
  StkStoreUnavailableError,
  StkWaitTimeoutError,
} from '../../lib/stk/stk.errors.js';
import { aPendingAttempt } from '../support/attempts.js';
import { HTTP_PLATFORMS } from '../support/http-platforms.js';

const attempt = toStkAttempt(
  aPendingAttempt({ id: 'attempt-id-1', phoneNumber: '254712345678', orderId: 'order-1' }),
);
const failure = {
  httpStatus: 500,
  errorCode: '500.001.1001',
  errorMessage: 'Wrong credentials for 174379',
  requestId: 'request-1',
  cause: 'test',
  retryAfterMs: null,
};
const outcome = { outcome: 'refused' as const, attempt };

class UnheardOfError extends MpesaError {
  constructor() {
    super('Something about 254712345678', { code: 'UNHEARD_OF' });
  }
}

const thrown: Record<string, Error> = {
  invalid: new StkInvalidInputError([
    { field: 'amount', message: 'must be whole' },
    { field: 'phoneNumber', message: 'must be Kenyan' },
  ]),
  busy: new StkOrderBusyError(attempt),
  paid: new StkOrderPaidError(attempt),
  idempotency: new StkIdempotencyError(attempt),
  resolution: new StkResolutionError('It is completed', attempt),
  erasure: new StkErasureError([attempt.id], 1),
  rejected: new StkRejectedError(failure, attempt),
  phoneBusy: new StkRejectedError({ ...failure, retryAfterMs: 59_001 }, attempt),
  store: new StkStoreUnavailableError(),
  wait: new StkWaitTimeoutError(attempt, 1_000),
  callback: new StkCallbackError('Body is missing'),
  auth: new DarajaAuthError(failure, outcome),
  throttled: new DarajaThrottledError({ ...failure, retryAfterMs: 10 }, outcome),
  unavailable: new DarajaUnavailableError(failure, outcome),
  config: new MpesaConfigError([{ path: 'passKey', message: 'is missing' }]),
  unheard: new UnheardOfError(),
  notFound: new NotFoundException('No such order'),
  other: new TypeError('secret of somebody else'),
};

@Controller()
class FailingController {
  @Get('global/:kind')
  global(@Param('kind') kind: string): never {
    throw thrown[kind]!;
  }

  @Get('local/:kind')
  @UseFilters(MpesaExceptionFilter)
  local(@Param('kind') kind: string): never {
    throw thrown[kind]!;
  }
}

type Row = [
  kind: string,
  status: number,
  code: string,
  retryable: boolean,
  retryAfter: string | null,
];
const rows: Row[] = [
  ['invalid', 400, 'STK_INVALID_INPUT', false, null],
  ['busy', 409, 'STK_ORDER_BUSY', false, null],
  ['paid', 409, 'STK_ORDER_PAID', false, null],
  ['resolution', 409, 'STK_RESOLUTION', false, null],
  ['erasure', 409, 'STK_ERASURE', true, null],
  ['idempotency', 422, 'STK_IDEMPOTENCY', false, null],
  ['rejected', 502, 'STK_REJECTED', false, null],
  ['phoneBusy', 409, 'STK_REJECTED', true, '60'],
  ['store', 503, 'STK_STORE_UNAVAILABLE', true, null],
  ['wait', 504, 'STK_WAIT_TIMEOUT', true, null],
  ['callback', 400, 'STK_CALLBACK', false, null],
  ['auth', 502, 'DARAJA_AUTH', false, null],
  ['throttled', 503, 'DARAJA_THROTTLED', true, '1'],
  ['unavailable', 503, 'DARAJA_UNAVAILABLE', true, null],
  ['config', 500, 'MPESA_CONFIG', false, null],
  ['unheard', 500, 'UNHEARD_OF', false, null],
];

/** The ways in which an application can put the filter to work. */
const installations: [string, string, (app: INestApplication) => void, boolean][] = [
  ['APP_FILTER', 'global', () => undefined, true],
  [
    'useGlobalFilters',
    'global',
    (app) => app.useGlobalFilters(new MpesaExceptionFilter(app.getHttpAdapter())),
    false,
  ],
  ['UseFilters', 'local', () => undefined, false],
];

describe.each(HTTP_PLATFORMS)('MpesaExceptionFilter on %s', (_, adapter) => {
  describe.each(installations)('by %s', (_name, path, install, asProvider) => {
    let app: INestApplication;
    let logged: string[];

    beforeEach(async () => {
      logged = [];
      const module = await Test.createTestingModule({
        controllers: [FailingController],
        providers: asProvider ? [{ provide: APP_FILTER, useClass: MpesaExceptionFilter }] : [],
      }).compile();
      app = module.createNestApplication(adapter());
      const log = (...parts: unknown[]) => void logged.push(parts.join(' '));
      app.useLogger({ log: () => undefined, error: log, warn: log });
      install(app);
      await app.listen(0, '127.0.0.1');
    });
    afterEach(async () => {
      await app.close();
      Logger.overrideLogger(false);
    });

    const get = async (kind: string) => fetch(`${await app.getUrl()}/${path}/${kind}`);

    it.each(rows)('answers %s with %d', async (kind, status, code, retryable, retryAfter) => {
      const response = await get(kind);
      const text = await response.text();
      const body = JSON.parse(text) as Record<string, unknown>;
      expect(response.status).toBe(status);
      expect(Object.keys(body)).toEqual(['statusCode', 'error', 'code', 'message', 'retryable']);
      expect(body).toMatchObject({ statusCode: status, code, retryable });
      expect(response.headers.get('retry-after')).toBe(retryAfter);
      expect(text).not.toMatch(/712345678|attempt-id-1|order-1|174379|passKey|credentials/);
      expect(logged.filter((line) => line.startsWith(`${code}:`))).toHaveLength(
        status >= 500 ? 1 : 0,
      );
    });

    it('lists invalid input as the pipe does', async () => {
      expect(await (await get('invalid')).json()).toMatchObject({
        error: 'Bad Request',
        message: ['amount must be whole', 'phoneNumber must be Kenyan'],
      });
    });

    it("leaves Nest's own errors and all others alone", async () => {
      expect(await (await get('notFound')).json()).toMatchObject({
        statusCode: 404,
        message: 'No such order',
      });
      expect(await (await get('other')).json()).toEqual({
        statusCode: 500,
        message: 'Internal server error',
      });
    });
  });
});

describe('MpesaExceptionFilter outside HTTP', () => {
  const hostOf = (type: string) => ({ getType: () => type }) as ArgumentsHost;
  const filter = new MpesaExceptionFilter();

  it('passes the error of a message handler on as that transport expects it', async () => {
    const pass: (error: MpesaError, host: ArgumentsHost) => unknown = filter.catch.bind(filter);
    const result = pass(thrown.busy as MpesaError, hostOf('rpc')) as Observable<never>;
    await expect(lastValueFrom(result)).rejects.toBe(thrown.busy);
  });

  it('throws the error of a resolver on', () => {
    expect(() => {
      filter.catch(thrown.busy as MpesaError, hostOf('graphql'));
    }).toThrow(thrown.busy);
  });
});
