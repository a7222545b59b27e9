import { EmulatorPromptError } from '../../../../lib/testing/emulator/emulator-prompt.js';
import { checkoutIdOf, closeStages, setStage } from './support.js';

afterEach(closeStages);

describe('a prompt that rings', () => {
  it('waits for the customer, who pays once', async () => {
    const { client, emulator, callbacks } = await setStage();
    const id = checkoutIdOf(await client.push());
    await emulator.idle();
    expect(callbacks()).toEqual([]);

    const paid = emulator.approve(id);
    await emulator.idle();

    expect(paid).toMatchObject({ status: 'paid', resultCode: 0 });
    expect(paid.receipt).toMatch(/^UJ2[A-Z0-9]{7}$/);
    expect(callbacks()).toHaveLength(1);
    expect(() => emulator.approve(id)).toThrow(EmulatorPromptError);
    expect(() => emulator.cancel(id)).toThrow('The prompt is paid already.');
  });

  it('can be cancelled, or ended by a wrong PIN', async () => {
    const { client, emulator, callbacks } = await setStage({ pin: '9876' });

    emulator.cancel(checkoutIdOf(await client.push()));
    await emulator.idle();
    emulator.enterPin(checkoutIdOf(await client.push()), '1234');
    await emulator.idle();
    emulator.enterPin(checkoutIdOf(await client.push()), '9876');
    await emulator.idle();

    expect(callbacks().map(({ ResultCode }) => ResultCode)).toEqual([1032, 2001, 0]);
  });

  it('expires at the end of its lifetime, not before, and once', async () => {
    const { client, clock, emulator, callbacks } = await setStage({ promptLifetimeMs: 30_000 });
    const id = checkoutIdOf(await client.push());

    clock.advance(29_999);
    expect(emulator.prompts.get(id)!.status).toBe('ringing');
    clock.advance(1);
    await emulator.idle();

    expect(emulator.prompts.get(id)!.status).toBe('expired');
    expect(callbacks()).toEqual([
      {
        MerchantRequestID: expect.any(String),
        CheckoutRequestID: id,
        ResultCode: 1037,
        ResultDesc: 'No response from user.',
      },
    ]);
  });

  it('that is ignored closes on the phone, keeps it locked, and expires in its time', async () => {
    const { client, clock, emulator, callbacks } = await setStage();
    const id = checkoutIdOf(await client.push());

    expect(emulator.ignore(id)).toMatchObject({ status: 'ignored', resultCode: null });
    await emulator.idle();
    expect(callbacks()).toEqual([]);
    expect((await client.push()).status).toBe(500);
    expect(() => emulator.approve(id)).toThrow('The prompt is ignored already.');
    clock.advance(60_000);
    await emulator.idle();
    expect(callbacks()).toMatchObject([{ ResultCode: 1037 }]);
  });

  it('leaves nothing on the clock when it was answered', async () => {
    const { client, clock, emulator } = await setStage();

    emulator.approve(checkoutIdOf(await client.push()));
    await emulator.idle();

    expect(clock.scheduled).toBe(0);
  });
});

it('does not know other prompts', async () => {
  const { emulator } = await setStage();

  for (const answer of ['approve', 'cancel', 'ignore'] as const) {
    expect(() => emulator[answer]('ws_CO_1')).toThrow('There is no such prompt.');
  }
});

it('gives out snapshots that cannot be changed', async () => {
  const { client, emulator } = await setStage();
  const id = checkoutIdOf(await client.push());
  const before = emulator.prompts.get(id)!;

  emulator.approve(id);

  expect(before.status).toBe('ringing');
  expect(Object.isFrozen(before)).toBe(true);
});
