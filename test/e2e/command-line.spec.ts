import { ExpressAdapter } from '@nestjs/platform-express';
import { DarajaEmulator, EMULATOR_ACCOUNT } from '../../lib/testing.js';
import { CallbackApp } from '../support/callback-app.js';
import { commandLine, type Ended } from '../support/command-line.js';

const PHONE = '254798765432';
const SECRETS = [
  EMULATOR_ACCOUNT.consumerKey,
  EMULATOR_ACCOUNT.consumerSecret,
  EMULATOR_ACCOUNT.passKey,
];

describe('the command line, against the emulator', () => {
  const before = { ...process.env };
  const ended: Ended[] = [];
  let daraja: DarajaEmulator;
  let shop: CallbackApp;

  const cli = async (...args: string[]) => {
    const end = await commandLine(args);
    ended.push(end);
    return end;
  };

  beforeAll(async () => {
    daraja = new DarajaEmulator({ seed: 1 });
    shop = await CallbackApp.start(new ExpressAdapter());
    Object.assign(process.env, {
      MPESA_ENVIRONMENT: 'sandbox',
      MPESA_BASE_URL: await daraja.listen(),
      MPESA_CONSUMER_KEY: EMULATOR_ACCOUNT.consumerKey,
      MPESA_CONSUMER_SECRET: EMULATOR_ACCOUNT.consumerSecret,
      MPESA_SHORT_CODE: EMULATOR_ACCOUNT.shortCode,
      MPESA_PASS_KEY: EMULATOR_ACCOUNT.passKey,
      MPESA_CALLBACK_URL: `http://127.0.0.1:${shop.port}/stk/callback`,
    });
  });

  afterAll(async () => {
    process.env = before;
    await shop.close();
    await daraja.close();
  });

  it('finds nothing wrong with a good environment', async () => {
    const { code, out } = await cli('doctor', '--json');
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: { level: string }[] };
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect([code, ok]).toEqual([0, true]);
  });

  it('says where a callback does not arrive', async () => {
    const { MPESA_CALLBACK_URL } = process.env;
    process.env.MPESA_CALLBACK_URL = `${MPESA_CALLBACK_URL}s`;
    const { code, out } = await cli('doctor');
    process.env.MPESA_CALLBACK_URL = MPESA_CALLBACK_URL;
    expect(out).toMatch(/^fail {2}callback-route +answers 404$/m);
    expect(code).toBe(1);
  });

  it('asks a phone, and learns what became of it', async () => {
    daraja.next('cancelled');
    const pushed = await cli('push', '--phone', '0798765432', '--amount', '10', '--json');
    expect(pushed.code).toBe(0);
    const { checkoutRequestId } = JSON.parse(pushed.out) as { checkoutRequestId: string };
    await daraja.idle();
    const { code, out } = await cli('query', checkoutRequestId, '--json');
    expect(JSON.parse(out)).toMatchObject({ status: 'failed', reason: 'cancelled' });
    expect(code).toBe(1);
  });

  it('ends with 3 where a prompt may be out', async () => {
    daraja.next('reset-after-body');
    expect((await cli('push', '--phone', '0798765432', '--amount', '10')).code).toBe(3);
  });

  it('sends nothing for what it does not understand', async () => {
    const sent = daraja.received.length;
    expect((await cli('push', '--phone', '0798765432')).code).toBe(2);
    expect((await cli('push', '--phone', '12', '--amount', '1')).code).toBe(2);
    expect(daraja.received).toHaveLength(sent);
  });

  it.each([
    ['masked', 'ws_CO_260920262019337*********', 'is masked'],
    ['with a space', 'ws_CO_26 0920262019337', 'must be the CheckoutRequestID'],
    ['far too long', 'w'.repeat(129), 'must be the CheckoutRequestID'],
    ['empty', '', 'must be the CheckoutRequestID'],
  ])('asks nobody for an id that is %s, and says why', async (_what, id, why) => {
    const asked = daraja.received.length;
    const { code, error } = await cli('query', id);
    expect([code, error]).toEqual([2, expect.stringContaining(`checkoutRequestId ${why}`)]);
    const { out } = await cli('query', id, '--json');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'STK_INVALID_INPUT' } });
    expect(daraja.received).toHaveLength(asked);
  });

  describe('in production', () => {
    const shop = { ...EMULATOR_ACCOUNT, shortCode: '600999', passKey: 'a-passkey-of-production' };
    const push = ['push', '--phone', '0798765432', '--amount', '10'];
    const saved = { ...process.env };
    let production: DarajaEmulator;

    beforeAll(async () => {
      production = new DarajaEmulator({ seed: 2, credentials: shop });
      Object.assign(process.env, {
        MPESA_ENVIRONMENT: 'production',
        MPESA_BASE_URL: await production.listen(),
        MPESA_SHORT_CODE: shop.shortCode,
        MPESA_PASS_KEY: shop.passKey,
        MPESA_CALLBACK_URL: 'https://127.0.0.1:1/stk/callback',
      });
    });

    afterAll(async () => {
      process.env = { ...saved };
      await production.close();
    });

    const typing = async (answers: string[] | undefined, ...more: string[]) => {
      const end = await commandLine([...push, ...more], { answers });
      ended.push(end);
      return end;
    };

    it('sends nothing where nobody can be asked, and names the flag', async () => {
      const { code, error } = await typing(undefined);
      expect([code, error]).toEqual([2, expect.stringContaining('--yes')]);
      expect(production.received).toEqual([]);
    });

    it.each(['no', '', 'y', 'Yes'])('sends nothing where the answer is %j', async (answer) => {
      const { code, error } = await typing([answer]);
      expect(code).toBe(2);
      expect(error).toMatch(/asks 2547\*+432 for 10 real shillings[^]*Nothing was sent/);
      expect(production.received).toEqual([]);
    });

    it('sends where the answer is yes, or --yes was given', async () => {
      expect((await typing(['yes'])).code).toBe(0);
      expect(production.prompts.size).toBe(1);
      production.cancel([...production.prompts.keys()][0]!);
      await production.idle();
      expect((await typing(undefined, '--yes')).code).toBe(0);
      expect(production.prompts.size).toBe(2);
    });
  });

  it('shows no secret, and no whole number but in the id that the query needs', () => {
    const shown = ended.map(({ out, error }) => out + error).join('');
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
    expect(shown.replace(/ws_CO_\w+/g, '')).not.toContain(PHONE.slice(3));
  });
});
