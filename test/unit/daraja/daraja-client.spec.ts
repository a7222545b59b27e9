import { CircuitBreakers } from '../../../lib/daraja/circuit-breakers.js';
import { SystemClock } from '../../../lib/attempts/clock.js';
import { inspect } from 'node:util';
import { AccountTokens } from '../../../lib/daraja/account-tokens.js';
import { AccessTokens } from '../../../lib/daraja/access-tokens.js';
import type { StkPushRequest } from '../../../lib/daraja/daraja-answer.js';
import { DarajaClient } from '../../../lib/daraja/daraja-client.js';
import { DarajaAuthError } from '../../../lib/daraja/daraja.errors.js';
import { InMemoryAccessTokenStore } from '../../../lib/daraja/in-memory-access-token.store.js';
import { InProcessRateLimiter } from '../../../lib/daraja/in-process-rate-limiter.js';
import { QueryBudget } from '../../../lib/daraja/query-budget.js';
import { FakeClock } from '../../support/fake-clock.js';
import { SECRETS, account, closeServers, darajaHttp, fakeDaraja, rawServer } from './support.js';
import type { Reply, SeenRequest } from './support.js';

const ID = 'ws_CO_191220191020363925';
const INVALID_TOKEN = { errorCode: '404.001.03', errorMessage: 'Invalid Access Token' };
const ALWAYS = { mayStillSend: () => true };

const request: StkPushRequest = {
  phoneNumber: '254712345678',
  amount: 100,
  accountReference: 'INV-001',
  transactionDesc: 'Subscription',
  transactionType: 'CustomerBuyGoodsOnline',
  callbackUrl: 'https://shop.example/stk/callback/abc',
};

function client(clock = new FakeClock()) {
  const http = darajaHttp();
  const tokens = new AccessTokens(
    http,
    new InMemoryAccessTokenStore(),
    clock,
    new CircuitBreakers(new SystemClock()),
  );
  const limiter = new InProcessRateLimiter(clock);
  const budget = new QueryBudget(limiter, { minIntervalMs: 12_000 });
  const none = () => Promise.resolve(null);
  const accounts = { find: none, renewed: none, outdate: () => undefined };
  const accountTokens = new AccountTokens(tokens, accounts);
  return {
    daraja: new DarajaClient(http, accountTokens, clock, budget, new CircuitBreakers(clock)),
    tokens,
    budget,
    clock,
  };
}

/** Answers for tokens by counting them, for the rest as the test says. */
const withTokens = (reply: (request: SeenRequest, index: number) => Reply) => {
  let issued = 0;
  let others = 0;
  return (seen: SeenRequest): Reply => {
    if (!seen.url.startsWith('/oauth')) return reply(seen, others++);
    issued += 1;
    return { body: { access_token: `token-${String(issued)}`, expires_in: '3599' } };
  };
};

const paths = (requests: SeenRequest[]) => requests.map(({ url }) => url.split(/[/?]/)[1]);

afterEach(closeServers);

describe('DarajaClient.push', () => {
  it('sends the fields and types that Daraja takes', async () => {
    const server = await fakeDaraja(() => ({
      body: { ResponseCode: '0', CheckoutRequestID: ID, MerchantRequestID: 'm' },
    }));
    const clock = new FakeClock(Date.UTC(2026, 10, 24, 7, 0, 5));
    const { daraja } = client(clock);
    const shop = { ...account(server.url), partyB: '5555555' };
    expect(await daraja.push(shop, SECRETS.token, request, ALWAYS)).toMatchObject({
      outcome: 'accepted',
      checkoutRequestId: ID,
    });
    const [sent] = server.requests;
    expect(sent).toMatchObject({
      method: 'POST',
      url: '/mpesa/stkpush/v1/processrequest',
      headers: {
        authorization: `Bearer ${SECRETS.token}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': 'nestjs-mpesa',
      },
    });
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      BusinessShortCode: '174379',
      Password: Buffer.from(`174379${SECRETS.passKey}20261124100005`).toString('base64'),
      Timestamp: '20261124100005',
      TransactionType: 'CustomerBuyGoodsOnline',
      Amount: 100,
      PartyA: '254712345678',
      PartyB: '5555555',
      PhoneNumber: '254712345678',
      CallBackURL: 'https://shop.example/stk/callback/abc',
      AccountReference: 'INV-001',
      TransactionDesc: 'Subscription',
    });
  });

  it.each<[string, Reply]>([
    ['busy', { status: 500, body: { errorCode: '500.003.02', errorMessage: 'System is busy.' } }],
    ['unauthorised', { status: 404, body: INVALID_TOKEN }],
    ['throttled', { status: 429, headers: { 'retry-after': '1' } }],
    ['unknown', { status: 503, body: '<html>' }],
    ['unknown', { status: 500, body: '' }],
  ])('sends once when the answer is %s', async (outcome, reply) => {
    const server = await fakeDaraja(() => reply);
    const { daraja } = client();
    const answer = await daraja.push(account(server.url), SECRETS.token, request, ALWAYS);
    expect(answer.outcome).toBe(outcome);
    expect(server.requests).toHaveLength(1);
  });

  it('sends once when there is no answer, and when nothing could be sent', async () => {
    const server = await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { daraja } = client();
    const shop = account(server.url);
    const push = (mayStillSend: () => boolean) =>
      daraja.push(shop, SECRETS.token, request, { mayStillSend });
    expect(await push(() => true)).toMatchObject({ outcome: 'unknown' });
    expect(server.received).toHaveLength(1);
    expect(await push(() => false)).toMatchObject({
      outcome: 'not-sent',
      failure: { cause: 'send-window-closed' },
    });
    closeServers();
    expect(await push(() => true)).toMatchObject({
      outcome: 'not-sent',
      failure: { cause: 'connection-refused' },
    });
  });

  it('tells no secret and no number, whatever Daraja repeats', async () => {
    const server = await fakeDaraja(({ headers, body }) => ({
      status: 500,
      body: { errorCode: '500.001.1001', errorMessage: `${String(headers.authorization)} ${body}` },
    }));
    const { daraja } = client();
    const answer = await daraja.push(account(server.url), SECRETS.token, request, ALWAYS);
    const told = inspect(answer, { depth: null, showHidden: true });
    const { Password } = JSON.parse(server.requests[0]?.body ?? '') as { Password: string };
    for (const secret of [...Object.values(SECRETS), Password, request.phoneNumber]) {
      expect(told).not.toContain(secret);
    }
  });
});

describe('DarajaClient.query', () => {
  const answered = { ResponseCode: '0', CheckoutRequestID: ID, ResultCode: '1032' };

  it('asks with a password of its own instant', async () => {
    const server = await fakeDaraja(withTokens(() => ({ body: answered })));
    const { daraja } = client(new FakeClock(Date.UTC(2026, 10, 24, 7, 0, 5)));
    expect(await daraja.query(account(server.url), ID)).toMatchObject({
      outcome: 'answered',
      resultCode: '1032',
    });
    const sent = server.requests[1];
    expect(sent?.url).toBe('/mpesa/stkpushquery/v1/query');
    expect(sent?.headers.authorization).toBe('Bearer token-1');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      BusinessShortCode: '174379',
      Password: Buffer.from(`174379${SECRETS.passKey}20261124100005`).toString('base64'),
      Timestamp: '20261124100005',
      CheckoutRequestID: ID,
    });
  });

  it('repeats itself once with a fresh token', async () => {
    const server = await fakeDaraja(
      withTokens((_seen, index) =>
        index === 0 ? { status: 404, body: INVALID_TOKEN } : { body: answered },
      ),
    );
    const { daraja } = client();
    expect(await daraja.query(account(server.url), ID)).toMatchObject({ outcome: 'answered' });
    expect(paths(server.requests)).toEqual(['oauth', 'mpesa', 'oauth', 'mpesa']);
    expect(server.requests[3]?.headers.authorization).toBe('Bearer token-2');
  });

  it('gives up when the fresh token is refused too', async () => {
    const server = await fakeDaraja(withTokens(() => ({ status: 404, body: INVALID_TOKEN })));
    const { daraja } = client();
    expect(await daraja.query(account(server.url), ID)).toMatchObject({ outcome: 'unauthorised' });
    expect(paths(server.requests)).toEqual(['oauth', 'mpesa', 'oauth', 'mpesa']);
  });

  it('uses the token that has replaced the refused one meanwhile', async () => {
    const server = await fakeDaraja(
      withTokens(({ headers }) =>
        headers.authorization === 'Bearer token-1'
          ? { status: 404, body: INVALID_TOKEN }
          : { body: answered },
      ),
    );
    const { daraja } = client();
    const shop = account(server.url);
    const answers = await Promise.all(Array.from({ length: 20 }, () => daraja.query(shop, ID)));
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['answered']));
    expect(paths(server.requests).filter((path) => path === 'oauth')).toHaveLength(2);
  });

  it.each([500, 429, 503])('does not repeat itself after %d', async (status) => {
    const server = await fakeDaraja(withTokens(() => ({ status })));
    const { daraja } = client();
    await daraja.query(account(server.url), ID);
    expect(paths(server.requests)).toEqual(['oauth', 'mpesa']);
  });

  it('throws what the token fails with', async () => {
    const server = await fakeDaraja(() => ({ status: 400 }));
    const { daraja } = client();
    await expect(daraja.query(account(server.url), ID)).rejects.toBeInstanceOf(DarajaAuthError);
  });

  it('throws the reason of an abort', async () => {
    const caller = new AbortController();
    const reason = new Error('shutting down');
    const server = await fakeDaraja(
      withTokens(() => {
        caller.abort(reason);
        return { body: answered };
      }),
    );
    const { daraja } = client();
    const { signal } = caller;
    await expect(daraja.query(account(server.url), ID, { signal })).rejects.toBe(reason);
  });
});
