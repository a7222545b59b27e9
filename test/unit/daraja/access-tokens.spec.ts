import { CircuitBreakers } from '../../../lib/daraja/circuit-breakers.js';
import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';
import { jest } from '@jest/globals';
import { SystemClock } from '../../../lib/attempts/clock.js';
import type { AccessTokenStore } from '../../../lib/daraja/access-token-store.js';
import type { AccessTokenEntry } from '../../../lib/daraja/access-token-store.js';
import { AccessTokens } from '../../../lib/daraja/access-tokens.js';
import {
  DarajaAuthError,
  DarajaThrottledError,
  DarajaUnavailableError,
} from '../../../lib/daraja/daraja.errors.js';
import { InMemoryAccessTokenStore } from '../../../lib/daraja/in-memory-access-token.store.js';
import { FakeClock } from '../../support/fake-clock.js';
import {
  SECRETS,
  account,
  closeServers,
  darajaHttp,
  fakeDaraja,
  rawServer,
  samples,
} from './support.js';
import type { Reply } from './support.js';

/** Remembers what it was asked, as a store in another process would see it. */
class SpyStore extends InMemoryAccessTokenStore {
  readonly keys = new Set<string>();
  readonly entries: AccessTokenEntry[] = [];

  override get(key: string): Promise<AccessTokenEntry | null> {
    this.keys.add(key);
    return super.get(key);
  }

  override set(key: string, entry: AccessTokenEntry): Promise<void> {
    this.entries.push(entry);
    return super.set(key, entry);
  }
}

const numbered = (_request: unknown, index: number): Reply => ({
  body: { access_token: `token-${String(index + 1)}`, expires_in: '3599' },
});

async function setUp(
  reply: Parameters<typeof fakeDaraja>[0] = numbered,
  store: AccessTokenStore = new InMemoryAccessTokenStore(),
) {
  const daraja = await fakeDaraja(reply);
  const clock = new FakeClock();
  const http = darajaHttp();
  const tokens = new AccessTokens(http, store, clock, new CircuitBreakers(new SystemClock()));
  return { daraja, clock, store, http, tokens, shop: account(daraja.url) };
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => error,
  );

afterEach(closeServers);

describe('AccessTokens.get', () => {
  it('asks as Daraja wants to be asked', async () => {
    const { daraja, tokens, shop } = await setUp();
    expect(await tokens.get(shop)).toBe('token-1');
    const basic = Buffer.from(`${SECRETS.consumerKey}:${SECRETS.consumerSecret}`).toString(
      'base64',
    );
    expect(daraja.requests).toMatchObject([
      {
        method: 'GET',
        url: '/oauth/v1/generate?grant_type=client_credentials',
        headers: { authorization: `Basic ${basic}`, 'user-agent': 'nestjs-mpesa' },
        body: '',
      },
    ]);
  });

  it('asks once for a thousand callers that find no token', async () => {
    const { daraja, tokens, shop } = await setUp();
    const got = await Promise.all(Array.from({ length: 1_000 }, () => tokens.get(shop)));
    expect(new Set(got)).toEqual(new Set(['token-1']));
    expect(daraja.requests).toHaveLength(1);
  });

  it('asks once also when the store is slow and out of step', async () => {
    class SlowStore extends InMemoryAccessTokenStore {
      override async get(key: string): Promise<AccessTokenEntry | null> {
        const entry = await super.get(key);
        for (let turn = 0; turn < Math.random() * 20; turn += 1) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        return entry;
      }
    }
    const { daraja, tokens, shop } = await setUp(numbered, new SlowStore());
    const callers = Array.from({ length: 100 }, async (_, index) => {
      for (let turn = 0; turn < index; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      return tokens.get(shop);
    });
    await Promise.all(callers);
    expect(daraja.requests).toHaveLength(1);
  });

  it('keeps apps apart: by key and by host', async () => {
    const { daraja, tokens, shop } = await setUp();
    const elsewhere = await fakeDaraja(numbered);
    await Promise.all([
      tokens.get(shop),
      tokens.get({ ...shop, consumerKey: 'another' }),
      tokens.get({ ...shop, baseUrl: elsewhere.url }),
    ]);
    expect(daraja.requests).toHaveLength(2);
    expect(elsewhere.requests).toHaveLength(1);
  });

  it.each<[string, unknown, number]>([
    ['a string', '3599', 3_599],
    ['a number', 3599, 3_599],
    ['another lifetime', '120', 120],
    ['nothing', undefined, 3_599],
    ['an empty string', '', 3_599],
    ['no number', 'soon', 3_599],
    ['null', null, 3_599],
    ['zero', 0, 3_599],
    ['a negative number', -5, 3_599],
    ['an object', {}, 3_599],
  ])('reads expires_in as %s', async (_name, expiresIn, seconds) => {
    const store = new SpyStore();
    const body = { access_token: 't', expires_in: expiresIn };
    const { tokens, shop, clock } = await setUp(() => ({ body }), store);
    await tokens.get(shop);
    expect(store.entries).toMatchObject([{ expiresAt: clock.now() + seconds * 1_000 }]);
  });

  it.each(samples('oauth.success'))('takes $name', async ({ text }) => {
    const store = new SpyStore();
    const { tokens, shop, clock } = await setUp(() => ({ body: text }), store);
    expect(await tokens.get(shop)).toBe('c9SQxWWhmdVRlyh0zh8gZDTkubVF');
    expect(store.entries[0]?.expiresAt).toBe(clock.now() + 3_599_000);
  });

  it('replaces a token a minute before its end, and not earlier', async () => {
    const { daraja, tokens, shop, clock } = await setUp();
    await tokens.get(shop);
    await clock.advance((3_599 - 60) * 1_000 - 1);
    expect(await tokens.get(shop)).toBe('token-1');
    await clock.advance(1);
    expect(await tokens.get(shop)).toBe('token-2');
    expect(daraja.requests).toHaveLength(2);
  });

  it('shares a token with other instances through the store', async () => {
    const { daraja, tokens, shop, store, clock } = await setUp();
    const other = new AccessTokens(
      darajaHttp(),
      store,
      clock,
      new CircuitBreakers(new SystemClock()),
    );
    expect([await tokens.get(shop), await other.get(shop)]).toEqual(['token-1', 'token-1']);
    expect(daraja.requests).toHaveLength(1);
  });

  it('gives the store no credential: keys are hashed, tokens are sealed', async () => {
    const store = new SpyStore();
    const { tokens, shop } = await setUp(numbered, store);
    await tokens.get(shop);
    const keys = [...store.keys].join();
    expect(keys).toMatch(/^[0-9a-f]{64}$/);
    expect(keys).not.toContain(SECRETS.consumerKey);
    const sealed = store.entries[0]?.token ?? '';
    expect(sealed).toMatch(/^[\w-]{40,}$/);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('token-1');
  });

  it('takes nothing that was sealed with another secret, or for another key', async () => {
    const { daraja, tokens, shop, store, clock } = await setUp();
    await tokens.get(shop);
    const renamed = { ...shop, consumerSecret: 'another-secret' };
    expect(
      await new AccessTokens(
        darajaHttp(),
        store,
        clock,
        new CircuitBreakers(new SystemClock()),
      ).get(renamed),
    ).toBe('token-2');
    expect(daraja.requests).toHaveLength(2);
  });

  it('opens nothing for another secret that it has opened for the right one', async () => {
    const { daraja, tokens, shop } = await setUp();
    expect([await tokens.get(shop), await tokens.get(shop)]).toEqual(['token-1', 'token-1']);
    expect(await tokens.get({ ...shop, consumerSecret: 'another-secret' })).toBe('token-2');
    expect(daraja.requests).toHaveLength(2);
  });

  it('asks once for several instances that find no token', async () => {
    const { daraja, shop, store } = await setUp();
    const instances = Array.from(
      { length: 4 },
      () =>
        new AccessTokens(
          darajaHttp(),
          store,
          new SystemClock(),
          new CircuitBreakers(new SystemClock()),
        ),
    );
    const got = await Promise.all(instances.map((tokens) => tokens.get(shop)));
    expect(got).toEqual(Array(4).fill('token-1'));
    expect(daraja.requests).toHaveLength(1);
  });

  it('lets another instance try where one failed', async () => {
    const { shop, store } = await setUp((_request, index) =>
      index === 0 ? { status: 503 } : numbered(_request, index),
    );
    const clock = new SystemClock();
    const [first, second] = [1, 2].map(
      () => new AccessTokens(darajaHttp(), store, clock, new CircuitBreakers(new SystemClock())),
    );
    await Promise.allSettled([first?.get(shop)]);
    expect(await second?.get(shop)).toBe('token-2');
  });

  it('gives way to one caller that aborts, and goes on for the others', async () => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    const { daraja, tokens, shop } = await setUp(async (request, index) => {
      await asked;
      return numbered(request, index);
    });
    const caller = new AbortController();
    const reason = new Error('The customer left');
    const first = failureOf(tokens.get(shop, { signal: caller.signal }));
    const second = tokens.get(shop);
    caller.abort(reason);
    expect(await first).toBe(reason);
    answer();
    expect(await second).toBe('token-1');
    expect(await failureOf(tokens.get(shop, { signal: caller.signal }))).toBe(reason);
    expect(daraja.requests).toHaveLength(1);
  });
});

describe('AccessTokens.invalidate', () => {
  it('leads to one new token for all callers that failed with the old one', async () => {
    const { daraja, tokens, shop } = await setUp();
    const old = await tokens.get(shop);
    const renewed = await Promise.all(
      Array.from({ length: 100 }, async () => {
        await tokens.invalidate(shop, old);
        return tokens.get(shop);
      }),
    );
    expect(new Set(renewed)).toEqual(new Set(['token-2']));
    expect(daraja.requests).toHaveLength(2);
  });

  it('leaves a newer token alone', async () => {
    const { daraja, tokens, shop } = await setUp();
    await tokens.get(shop);
    await tokens.invalidate(shop, 'token-1');
    expect(await tokens.get(shop)).toBe('token-2');
    await tokens.invalidate(shop, 'token-1');
    expect(await tokens.get(shop)).toBe('token-2');
    expect(daraja.requests).toHaveLength(2);
  });

  it('does not hand out a refused token that the store failed to forget', async () => {
    class Clinging extends InMemoryAccessTokenStore {
      override delete(): Promise<void> {
        return Promise.reject(new Error('down'));
      }
    }
    const { tokens, shop } = await setUp(numbered, new Clinging());
    await tokens.get(shop);
    await tokens.invalidate(shop, 'token-1');
    expect(await tokens.get(shop)).toBe('token-2');
  });

  it('takes the same token again if that is what Daraja gives', async () => {
    const { daraja, tokens, shop } = await setUp(() => ({ body: { access_token: 'same' } }));
    await tokens.get(shop);
    await tokens.invalidate(shop, 'same');
    expect([await tokens.get(shop), await tokens.get(shop)]).toEqual(['same', 'same']);
    expect(daraja.requests).toHaveLength(2);
  });
});

describe('AccessTokens, when there is no token to be had', () => {
  it.each([
    ...samples('oauth.error').map(({ name, status, text }) => [name, status, text] as const),
    ['a 403 page', 403, '<html>'] as const,
    ['a 401', 401, ''] as const,
    ['another wording', 400, '{"errorCode":"400.008.01","errorMessage":"Wrong"}'] as const,
  ])('takes for refused credentials: %s', async (_name, status, body) => {
    const { tokens, shop } = await setUp(() => ({ status: status ?? 0, body }));
    const error = await failureOf(tokens.get(shop));
    expect(error).toBeInstanceOf(DarajaAuthError);
    expect(error).toMatchObject({
      code: 'DARAJA_AUTH',
      outcome: 'not-sent',
      retryable: false,
      httpStatus: status,
    });
  });

  it.each([
    ['the edge', 503, samples('gateway.imperva.503')[0]?.text ?? 'missing'],
    ['a server error', 500, '{"errorCode":"500.003.1001","errorMessage":"Internal Server Error"}'],
    ['an empty success', 200, ''],
    ['a page with 200', 200, '<html>'],
    ['a success without token', 200, '{"expires_in":"3599"}'],
    ['an empty token', 200, '{"access_token":"","expires_in":"3599"}'],
    ['a token that no header can carry', 200, '{"access_token":"a\\r\\nX: y","expires_in":"1"}'],
    ['another 400', 400, '{"errorCode":"400.002.02","errorMessage":"Bad Request"}'],
    ['a redirect', 302, ''],
  ])('takes for unavailable: %s', async (_name, status, body) => {
    const { daraja, tokens, shop } = await setUp(() => ({ status, body }));
    const error = await failureOf(tokens.get(shop));
    expect(error).toBeInstanceOf(DarajaUnavailableError);
    expect(error).toMatchObject({ outcome: 'not-sent', retryable: true, httpStatus: status });
    expect(daraja.requests).toHaveLength(1);
  });

  it('takes 429 for throttled, with the time to wait', async () => {
    const { tokens, shop } = await setUp(() => ({ status: 429, headers: { 'retry-after': '9' } }));
    const error = await failureOf(tokens.get(shop));
    expect(error).toBeInstanceOf(DarajaThrottledError);
    expect(error).toMatchObject({ retryAfterMs: 9_000 });
  });

  it('tries refused credentials again after two seconds, not before', async () => {
    const { daraja, tokens, shop, clock } = await setUp((_request, index) =>
      index === 0 ? { status: 400 } : numbered(_request, index),
    );
    await failureOf(tokens.get(shop));
    await clock.advance(1_999);
    expect(await failureOf(tokens.get(shop))).toBeInstanceOf(DarajaAuthError);
    expect(daraja.requests).toHaveLength(1);
    await clock.advance(1);
    expect(await tokens.get(shop)).toBe('token-2');
  });

  it('asks once more when the connection broke, and only once', async () => {
    const server = await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const tokens = new AccessTokens(
      darajaHttp(),
      new InMemoryAccessTokenStore(),
      new FakeClock(),
      new CircuitBreakers(new SystemClock()),
    );
    const error = await failureOf(tokens.get(account(server.url)));
    expect(error).toBeInstanceOf(DarajaUnavailableError);
    expect(error).toMatchObject({ outcome: 'not-sent', httpStatus: null });
    expect(server.received).toHaveLength(2);
  });

  it('does not ask again after a time-out', async () => {
    const server = await rawServer(() => undefined);
    const http = darajaHttp({ headersTimeoutMs: 50 });
    const tokens = new AccessTokens(
      http,
      new InMemoryAccessTokenStore(),
      new FakeClock(),
      new CircuitBreakers(new SystemClock()),
    );
    await failureOf(tokens.get(account(server.url)));
    expect(server.received.length).toBeLessThanOrEqual(1);
  });

  it('goes on with a token of its own while the store is away, and says so once', async () => {
    class Away extends InMemoryAccessTokenStore {
      isAway = true;
      override get(key: string): Promise<AccessTokenEntry | null> {
        const error = new Error(`redis://user:${SECRETS.consumerSecret}@cache`);
        return this.isAway ? Promise.reject(error) : super.get(key);
      }
    }
    const warned = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const store = new Away();
    const { daraja, tokens, shop } = await setUp(numbered, store);
    expect([await tokens.get(shop), await tokens.get(shop)]).toEqual(['token-1', 'token-1']);
    expect(daraja.requests).toHaveLength(1);
    store.isAway = false;
    await tokens.get(shop);
    store.isAway = true;
    await tokens.get(shop);
    expect(warned.mock.calls.map(([text]) => String(text))).toEqual([
      expect.stringContaining('goes on with a token of its own'),
      expect.stringContaining('goes on with a token of its own'),
    ]);
    expect(JSON.stringify(warned.mock.calls)).not.toContain(SECRETS.consumerSecret);
    warned.mockRestore();
  });

  it('still gives the token that could not be kept', async () => {
    class ReadOnly extends InMemoryAccessTokenStore {
      override set(): Promise<void> {
        return Promise.reject(new Error('read only'));
      }
    }
    const { tokens, shop } = await setUp(numbered, new ReadOnly());
    expect(await tokens.get(shop)).toBe('token-1');
  });

  it.each([400, 401, 429, 500])('tells no secret, with %d', async (status) => {
    const basic = Buffer.from(`${SECRETS.consumerKey}:${SECRETS.consumerSecret}`).toString(
      'base64',
    );
    const { tokens, shop } = await setUp(({ headers }) => ({
      status,
      body: {
        errorCode: '400.008.01',
        errorMessage: `Refused ${String(headers.authorization)} ${SECRETS.token}`,
      },
    }));
    const error = await failureOf(tokens.get(shop));
    const told = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);
    for (const secret of [...Object.values(SECRETS), basic]) expect(told).not.toContain(secret);
  });
});
