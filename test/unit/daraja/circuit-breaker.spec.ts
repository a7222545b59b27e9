import { CircuitBreaker } from '../../../lib/daraja/circuit-breaker.js';
import { CircuitBreakers } from '../../../lib/daraja/circuit-breakers.js';
import type { HttpResult } from '../../../lib/daraja/http-result.js';
import { FakeClock } from '../../support/fake-clock.js';
import { account, samples } from './support.js';

const OPEN_MS = 15_000;

function setUp() {
  const clock = new FakeClock();
  const breaker = new CircuitBreaker(clock);
  const record = (failed: boolean, times: number) => {
    for (let time = 0; time < times; time += 1) breaker.record(failed);
  };
  return { clock, breaker, record };
}

describe('CircuitBreaker', () => {
  it('opens at ten calls of which half failed, and not before', () => {
    const { breaker, record } = setUp();
    record(true, 9);
    expect(breaker.state).toBe('closed');
    expect(breaker.record(true)).toBe(true);
    expect(breaker.state).toBe('open');
    expect(breaker.enter()).toBe(OPEN_MS);
  });

  it('stays closed while fewer than half fail', () => {
    const { breaker, record } = setUp();
    record(false, 20);
    record(true, 19);
    expect(breaker.state).toBe('closed');
    record(true, 1);
    expect(breaker.state).toBe('open');
  });

  it('forgets what is older than half a minute', async () => {
    const { clock, breaker, record } = setUp();
    record(true, 9);
    await clock.advance(30_000);
    record(true, 9);
    expect(breaker.state).toBe('closed');
    await clock.advance(29_000);
    record(true, 1);
    expect(breaker.state).toBe('open');
  });

  it('counts a slow trickle of failures that never makes ten in half a minute for nothing', async () => {
    const { clock, breaker } = setUp();
    for (let call = 0; call < 100; call += 1) {
      breaker.record(true);
      await clock.advance(3_400);
    }
    expect(breaker.state).toBe('closed');
  });

  it('lets one call try when the time is over, and the others wait for what it brings', async () => {
    const { clock, breaker, record } = setUp();
    record(true, 10);
    await clock.advance(OPEN_MS);
    expect(breaker.state).toBe('half-open');
    expect(breaker.waitMs()).toBe(0);
    expect(breaker.enter()).toBe(0);
    expect(breaker.enter()).toBeGreaterThan(0);
    expect(breaker.record(false)).toBe(true);
    expect([breaker.state, breaker.enter(), breaker.enter()]).toEqual(['closed', 0, 0]);
  });

  it('opens again when that call fails, and forgets the failures of before when it does not', async () => {
    const { clock, breaker, record } = setUp();
    record(true, 10);
    await clock.advance(OPEN_MS);
    breaker.enter();
    breaker.record(true);
    expect([breaker.state, breaker.enter()]).toEqual(['open', OPEN_MS]);
    await clock.advance(OPEN_MS);
    breaker.enter();
    breaker.record(false);
    record(true, 9);
    expect(breaker.state).toBe('closed');
  });

  it('gives the try to another when nothing is heard of it', async () => {
    const { clock, breaker, record } = setUp();
    record(true, 10);
    await clock.advance(OPEN_MS);
    expect(breaker.enter()).toBe(0);
    await clock.advance(29_000);
    expect(breaker.enter()).toBe(1_000);
    await clock.advance(1_000);
    expect(breaker.enter()).toBe(0);
  });

  it('is not moved by calls that began before it opened', async () => {
    const { clock, breaker, record } = setUp();
    record(true, 10);
    await clock.advance(5_000);
    expect([breaker.record(false), breaker.record(true)]).toEqual([false, false]);
    expect(breaker.enter()).toBe(10_000);
  });
});

describe('CircuitBreakers', () => {
  const shop = account('https://daraja.example');
  const answer = (status: number, body: unknown): HttpResult => ({
    kind: 'answer',
    status,
    retryAfter: null,
    text: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const failure = (cause: string): HttpResult => ({ kind: 'failure', sent: true, cause });
  const opensBy = (result: HttpResult): boolean => {
    const breakers = new CircuitBreakers(new FakeClock());
    for (let call = 0; call < 20; call += 1) breakers.record(shop, 'push', result);
    return breakers.stateOf(shop, 'push') === 'open';
  };

  it.each<[string, HttpResult]>([
    ['a broken connection', failure('connection-reset')],
    ['a refused connection', { kind: 'failure', sent: false, cause: 'connection-refused' }],
    ['a time-out', failure('timeout')],
    ['a page of the edge', answer(503, '<html>Incapsula</html>')],
    ['an empty 500', answer(500, '')],
    ['a gateway that has no backend', answer(502, { fault: { faultstring: 'Bad gateway' } })],
  ])('open by %s', (_, result) => {
    expect(opensBy(result)).toBe(true);
  });

  it.each<[string, HttpResult]>([
    ['a success', answer(200, { ResponseCode: '0' })],
    ['a refusal', answer(400, { errorCode: '400.002.02' })],
    ['a refusal that comes as a 500', answer(500, { errorCode: '500.001.1001' })],
    ['too many requests', answer(429, '')],
    ['a spike arrest that comes as a 500', answer(500, { fault: { faultstring: 'Spike arrest' } })],
    ['a page of the edge that forbids', answer(403, '<html>')],
    ['our own end of it', failure('aborted')],
    ['a send that came too late', failure('send-window-closed')],
  ])('do not open by %s', (_, result) => {
    expect(opensBy(result)).toBe(false);
  });

  it('do not open by any error of Daraja’s own that was recorded', () => {
    const own = samples('push.error').filter(({ text }) => /"errorCode":"\d{3}\.\d{3}/.test(text));
    expect(own.length).toBeGreaterThan(10);
    // As a refusal with a 500: the worst case.
    expect(own.filter(({ text }) => opensBy(answer(500, text))).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it('are one for an app, a host and an endpoint', () => {
    const breakers = new CircuitBreakers(new FakeClock());
    for (let call = 0; call < 10; call += 1) breakers.record(shop, 'push', failure('timeout'));
    const sameApp = { ...shop, shortCode: '600111' };
    expect(breakers.enter(sameApp, 'push')).toMatchObject({
      cause: 'circuit-open',
      retryAfterMs: OPEN_MS,
    });
    expect(breakers.enter(shop, 'query')).toBeNull();
    expect(breakers.enter({ ...shop, consumerKey: 'other' }, 'push')).toBeNull();
    expect(breakers.enter({ ...shop, baseUrl: 'https://b.example' }, 'push')).toBeNull();
  });
});
