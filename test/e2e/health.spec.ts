import { Controller, Get, type INestApplication } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { AttemptStore, StkService } from '../../lib/index.js';
import { MpesaHealthIndicator } from '../../lib/terminus.js';
import { MpesaTestingModule, type MpesaTestingOptions } from '../../lib/testing.js';
import { aNewAttempt } from '../support/attempts.js';
import { aPush } from '../support/testing-app.js';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly mpesa: MpesaHealthIndicator,
  ) {}

  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.mpesa.isReady('mpesa')]);
  }

  @Get('payments')
  @HealthCheck()
  payments() {
    return this.health.check([() => this.mpesa.isHealthy('mpesa')]);
  }

  @Get('strict')
  @HealthCheck()
  strict() {
    const limits = { outboxLagMs: 1_000, unresolvedMs: 1_000 };
    return this.health.check([() => this.mpesa.isHealthy('mpesa', limits)]);
  }
}

let app: INestApplication | undefined;
afterEach(() => app?.close());

async function setUp(options: MpesaTestingOptions = {}) {
  const module = await Test.createTestingModule({
    imports: [TerminusModule, MpesaTestingModule.forRoot(options)],
    controllers: [HealthController],
    providers: [MpesaHealthIndicator],
  }).compile();
  app = module.createNestApplication({ logger: false });
  await app.init();
  const server = app.getHttpServer();
  return {
    mpesa: app.get(MpesaTestingModule),
    stk: app.get(StkService, { strict: false }),
    store: app.get(AttemptStore, { strict: false }),
    /** The HTTP status, and what is said of the indicator. */
    look: async (path: string): Promise<[number, Record<string, unknown>]> => {
      const { status, body } = await request(server).get(`/health/${path}`);
      return [status, body.details.mpesa];
    },
  };
}

const FINE = {
  status: 'up',
  outboxMs: 0,
  unresolvedMs: 0,
  deadEvents: 0,
  circuits: { token: 'closed', push: 'closed', query: 'closed' },
  accessTokens: { default: 'none' },
};

describe('MpesaHealthIndicator in Terminus', () => {
  it('finds all well where nothing happened yet, and asks Daraja nothing', async () => {
    const { look, mpesa } = await setUp();
    expect(await look('ready')).toEqual([200, { status: 'up' }]);
    expect(await look('payments')).toEqual([200, FINE]);
    expect(mpesa.emulator.received).toEqual([]);
  });

  it('shows an attempt under way, and the token that is held', async () => {
    const { look, mpesa, stk } = await setUp();
    const attempt = await stk.push(aPush());
    await mpesa.clock.advance(3_000);
    const accessTokens = { default: 'held' };
    expect(await look('payments')).toEqual([200, { ...FINE, accessTokens, unresolvedMs: 3_000 }]);
    expect(await look('strict')).toMatchObject([
      503,
      { status: 'down', problems: ['an attempt is not settled after 3000 ms'] },
    ]);
    await mpesa.approve(attempt);
    expect(await look('strict')).toEqual([200, { ...FINE, accessTokens }]);
  });

  it('is down where an attempt is left lying, and ready all the same', async () => {
    const { look, mpesa, store } = await setUp();
    await store.open(aNewAttempt({ checkAfterMs: 3_600_000 }));
    await mpesa.clock.advance(900_000);
    expect(await look('payments')).toMatchObject([200, { unresolvedMs: 900_000 }]);
    await mpesa.clock.advance(1);
    expect(await look('payments')).toMatchObject([
      503,
      { status: 'down', problems: ['an attempt is not settled after 900001 ms'] },
    ]);
    expect(await look('ready')).toEqual([200, { status: 'up' }]);
  });

  it('is down where an event waits for a handler that no process has', async () => {
    const { look, mpesa, stk, store } = await setUp();
    await store.subscribe(new Map([['stk.prompted', ['Former.handler']]]));
    await mpesa.approve(await stk.push(aPush()));
    await mpesa.clock.advance(60_000);
    expect(await look('payments')).toMatchObject([200, { outboxMs: 60_000 }]);
    await mpesa.clock.advance(1);
    expect(await look('payments')).toMatchObject([
      503,
      { problems: ['an event has waited for 60001 ms'] },
    ]);
    await store.forgetHandler('Former.handler');
    expect(await look('payments')).toMatchObject([200, { outboxMs: 0 }]);
  });

  it('is down while the circuit breaker of pushes is open, not while one may try', async () => {
    const { look, mpesa, stk } = await setUp();
    for (let failed = 0; failed < 10; failed += 1) {
      mpesa.emulator.next('html-503');
      await stk.push(aPush({ phoneNumber: `071234567${failed}` }));
    }
    expect(await look('payments')).toMatchObject([
      503,
      {
        circuits: { token: 'closed', push: 'open', query: 'closed' },
        problems: ['the circuit breaker of push calls is open'],
      },
    ]);
    await mpesa.clock.advance(15_000);
    expect(await look('payments')).toMatchObject([200, { circuits: { push: 'half-open' } }]);
  });

  it('is down where Daraja refused the credentials, until it takes them', async () => {
    const { look, mpesa, stk } = await setUp();
    mpesa.emulator.nextToken('html-403');
    await expect(stk.push(aPush())).rejects.toMatchObject({ code: 'DARAJA_AUTH' });
    expect(await look('payments')).toMatchObject([
      503,
      {
        accessTokens: { default: 'refused' },
        problems: ["Daraja refuses the credentials of the account 'default'"],
      },
    ]);
    await mpesa.clock.advance(2_000);
    await stk.push(aPush());
    expect(await look('payments')).toMatchObject([200, { accessTokens: { default: 'held' } }]);
  });
});
