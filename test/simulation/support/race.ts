import fc from 'fast-check';
import { aQuery } from '../../support/attempts.js';
import type { ModelledShop } from './modelled-shop.js';
import type { Answer } from './reference-model.js';

/** What is true of one order however those who work on it come in between each other. */
export class Race {
  readonly underWay: Promise<void>[] = [];
  /** Attempts whose send somebody has won, and those that money was seen for. */
  readonly sent: string[] = [];
  readonly paid = new Set<string>();

  check(events: readonly string[]): void {
    expect(new Set(this.sent).size).toBe(this.sent.length);
    const first = events.findIndex((type) => type.startsWith('completed'));
    const count = (name: string) => events.filter((type) => type.startsWith(name)).length;
    expect(count('completed')).toBe(Math.min(this.paid.size, 1));
    expect(count('duplicate-payment')).toBe(Math.max(this.paid.size - 1, 0));
    if (first < 0) return;
    const after = events.slice(first);
    expect(after.filter((type) => ['failed', 'expired', 'rejected'].includes(type))).toEqual([]);
  }
}

type Process = fc.AsyncCommand<Race, ModelledShop>;

/** Begun and not waited for, as by a process of its own. */
const process = (
  name: string,
  run: (race: Race, shop: ModelledShop) => Promise<void>,
): Process => ({
  check: () => true,
  run: (race, shop) => Promise.resolve(void race.underWay.push(run(race, shop))),
  toString: () => name,
});

const latest = ({ ids }: ModelledShop): number => ids[0]!.length - 1;

async function send(race: Race, shop: ModelledShop, i: number, how: Answer | 'dies') {
  if ((await shop.claim(0, i, 0)) !== 'claimed') return;
  race.sent.push(shop.ids[0]![i]!);
  if (how !== 'dies') await shop.answer(0, i, how, 1);
}

const how = fc.constantFrom<Answer | 'dies'>('accepted', 'accepted', 'unknown', 'not sent', 'dies');

const push = how.map((how) =>
  process(`push, ${how}`, async (race, shop) => {
    if ((await shop.open(0)) === 'opened') await send(race, shop, latest(shop), how);
  }),
);

const sendAgain = how.map((how) =>
  process(`send, ${how}`, async (race, shop) => {
    if (latest(shop) >= 0) await send(race, shop, latest(shop), how);
  }),
);

const callback = fc
  .record({ nth: fc.nat({ max: 2 }), what: fc.constantFrom('paid', 'paid', 'cancelled') })
  .map(({ nth, what }) =>
    process(`callback ${what} of ${nth}`, async (race, shop) => {
      const id = shop.ids[0]![nth];
      if (!id) return;
      const isHeard = await shop.call(0, nth, 1, shop.said(0, nth, { what, ids: 'own' }));
      if (isHeard && what === 'paid') race.paid.add(id);
    }),
  );

const query = fc
  .record({ nth: fc.nat({ max: 2 }), code: fc.constantFrom('0', '1032', '4999') })
  .map(({ nth, code }) =>
    process(`query ${code} of ${nth}`, async (race, shop) => {
      const id = shop.ids[0]![nth];
      if (!id || !(await shop.store.find(id))?.checkoutRequestId) return;
      await shop.apply(0, nth, aQuery(code));
      if (code === '0') race.paid.add(id);
    }),
  );

const time = fc
  .constantFrom(1_000, 40_000, 700_000)
  .map((ms) => process(`${ms} ms go by`, (_race, shop) => shop.tick(ms)));

const dispatch = fc.constantFrom('done', 'fails', 'dies').map((how) =>
  process(`the handler is told, and ${how}`, async (_race, shop) => {
    await shop.dispatch(how);
  }),
);

export const processes = fc.commands(
  [push, push, sendAgain, callback, callback, callback, query, time, dispatch],
  { maxCommands: 16, size: 'max' },
);
