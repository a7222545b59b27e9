import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { StkService, type StkAttempt } from '../../lib/index.js';
import { forgeryKit, MpesaTestingModule, type MpesaTestingOptions } from '../../lib/testing.js';
import { HTTP_PLATFORMS } from '../support/http-platforms.js';
import { aPush, Ledger } from '../support/testing-app.js';

describe.each(HTTP_PLATFORMS)('the forgery kit on %s', (_platform, adapter) => {
  let app: INestApplication;

  const start = async (options: MpesaTestingOptions = {}) => {
    const testing = await Test.createTestingModule({
      imports: [MpesaTestingModule.forRoot(options)],
      providers: [Ledger],
    }).compile();
    app = testing.createNestApplication(adapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
  };

  afterEach(() => app.close());

  /** A pending attempt, and where Daraja was told to post. */
  const attack = async (read?: (attempt: StkAttempt) => StkAttempt, honest?: boolean) => {
    const stk = app.get(StkService, { strict: false });
    const attempt = await stk.push(aPush());
    const { received } = app.get(MpesaTestingModule).emulator;
    const push = received.at(-1)?.body as { CallBackURL: string };
    const { pathname } = new URL(push.CallBackURL);
    const report = await forgeryKit({
      callbackUrl: new URL(pathname, await app.getUrl()).href,
      attempt,
      read: async () => {
        const found = await stk.find(attempt.id);
        return found && read ? read(found) : found;
      },
      honest,
    });
    await app.get(MpesaTestingModule).settleAll();
    return { attempt, report, events: app.get(Ledger).of(attempt.id) };
  };

  it('finds nothing: no completion, one answer, one payment', async () => {
    await start();
    const { report, events } = await attack();
    expect(report.problems).toEqual([]);
    expect(report.completions).toBe(0);
    expect(report.answers).toEqual([
      '200 application/json; charset=utf-8 {"ResultCode":0,"ResultDesc":"Accepted"}',
    ]);
    expect(report.posts.length).toBeGreaterThan(35);
    expect(report.posts.at(-1)?.status).toBe('completed');
    expect(events.filter((event) => event === 'completed')).toHaveLength(1);
    expect(events.filter((event) => event.startsWith('failed'))).toEqual([]);
  });

  it('leaves the attempt pending without the honest callback', async () => {
    await start({ confirmation: 'query' });
    const { report } = await attack(undefined, false);
    expect(report.problems).toEqual([]);
    expect(report.posts.every(({ status }) => status === 'pending')).toBe(true);
  });

  it('says what an application lets through', async () => {
    await start();
    let looks = 0;
    const { report } = await attack((attempt) => {
      looks += 1;
      return looks < 6
        ? attempt
        : ({ ...attempt, status: 'completed', receipt: `R${looks}` } as never);
    });
    expect(report.completions).toBe(1);
    expect(report.problems[0]).toBe(
      'amount: one shilling more: the attempt is completed, not pending',
    );
    expect(report.problems).toContain('replayed: the receipt has changed');
  });

  it('says where nobody listens, or an answer differs', async () => {
    await start({ callbackController: false });
    const { report } = await attack();
    expect(report.problems[0]).toMatch(/^token: none: answered 404 /);
    expect(report.problems.at(-1)).toMatch(/^There are \d+ different answers/);
  });

  it('wants a pending attempt', async () => {
    await start();
    const { attempt } = await attack();
    const settled = await app.get(StkService, { strict: false }).find(attempt.id);
    const callbackUrl = `${await app.getUrl()}/stk/callback/x`;
    const read = () => Promise.resolve(settled);
    await expect(forgeryKit({ callbackUrl, attempt: settled!, read })).rejects.toThrow(TypeError);
  });
});
