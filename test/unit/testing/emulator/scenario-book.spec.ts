import type { EmulatorScenarioName } from '../../../../lib/testing/emulator/emulator-scenarios.js';
import { checkoutIdOf, closeStages, setStage } from './support.js';
import type { Stage } from './support.js';

afterEach(closeStages);

/** What became of a push that a script answers at once. */
const outcome = async (
  { client, emulator }: Stage,
  fields: Record<string, unknown> = {},
): Promise<string> => {
  const id = checkoutIdOf(await client.push(fields));
  await emulator.idle();
  return emulator.prompts.get(id)!.status;
};

it('takes the next scenarios in order, then the default', async () => {
  const stage = await setStage({ defaultScenario: 'no-funds' });
  stage.emulator.next('paid').next('cancelled', { customer: { resultCode: 2001 } });

  expect([
    await outcome(stage),
    await outcome(stage),
    await outcome(stage),
    await outcome(stage),
  ]).toEqual(['paid', 'cancelled', 'wrong-pin', 'failed']);
});

it('takes a rule by phone number, amount or both; the newest that matches', async () => {
  const stage = await setStage({ defaultScenario: 'paid' });
  const phoneNumber = '254711111111';
  stage.emulator
    .on({ phoneNumber }, 'cancelled')
    .on({ amount: 7 }, 'wrong-pin')
    .on({ phoneNumber, amount: 9 }, 'no-funds');
  const toPhone = { PhoneNumber: phoneNumber };

  expect(await outcome(stage)).toBe('paid');
  expect(await outcome(stage, toPhone)).toBe('cancelled');
  expect(await outcome(stage, { ...toPhone, Amount: 7 })).toBe('wrong-pin');
  expect(await outcome(stage, { Amount: '7' })).toBe('wrong-pin');
  expect(await outcome(stage, { ...toPhone, Amount: 9 })).toBe('failed');
  expect(await outcome(stage, { Amount: 9 })).toBe('paid');
});

it('goes through the scenarios of a rule, and stays with the last', async () => {
  const stage = await setStage();
  stage.emulator.on({ amount: 100 }, 'cancelled', 'paid');

  expect([await outcome(stage), await outcome(stage), await outcome(stage)]).toEqual([
    'cancelled',
    'paid',
    'paid',
  ]);
});

it('keeps a scenario for a push that passes the checks', async () => {
  const stage = await setStage();
  stage.emulator.next('paid');
  stage.emulator.revokeTokens();

  expect((await stage.client.push()).status).toBe(404);
  await stage.client.authorize();
  expect((await stage.client.push({ Amount: 0 })).status).toBe(400);

  expect(await outcome(stage)).toBe('paid');
});

it('accepts without asking anybody, where the script says so', async () => {
  const { client, emulator } = await setStage();
  emulator.next({ push: { prompts: false } });

  const id = checkoutIdOf(await client.push());

  expect(emulator.prompts.size).toBe(0);
  expect((await client.query(id)).text).toContain('does not Exist');
});

it('refuses scripts that could never be what was meant', async () => {
  const { emulator } = await setStage();

  expect(() => emulator.next('payed' as EmulatorScenarioName)).toThrow(
    /knows no scenario "payed". Known: .*paid/,
  );
  expect(() => emulator.next('toString' as EmulatorScenarioName)).toThrow(/knows no scenario/);
  expect(() => emulator.on({}, 'paid')).toThrow(/needs a phoneNumber or an amount/);
  expect(() => emulator.on({ phoneNumber: '0711111111' }, 'paid')).toThrow(/254/);
  expect(() => emulator.on({ amount: 5 })).toThrow(/needs a scenario/);
});
