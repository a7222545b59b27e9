import { drawCallbackToken } from '../../lib/attempts/callback-token.js';
import { CallbackQuarantine } from '../../lib/callback/callback-quarantine.js';
import { ACCEPTED, CallbackApp } from '../support/callback-app.js';
import { paidBody } from '../support/callback-parts.js';
import { HTTP_PLATFORMS } from '../support/http-platforms.js';

const FORGED = 2_000;
const AT_ONCE = 50;

it.each(HTTP_PLATFORMS)(
  'row 34: a flood of forgeries on %s completes nothing, asks nothing, and is kept as a sample',
  async (_platform, adapter) => {
    const shop = await CallbackApp.start(adapter());
    const counted = new Map<string, number>();
    shop.app.get(CallbackQuarantine).problems.subscribe((problem) => {
      counted.set(problem, (counted.get(problem) ?? 0) + 1);
    });
    const attacked = await shop.pending();
    const honest = await Promise.all(Array.from({ length: AT_ONCE }, () => shop.pending()));
    const answers = new Set<string>();
    const post = async (path: string, body: string | object) => {
      answers.add(JSON.stringify(await shop.post(`/stk/callback/${path}`, body)));
    };
    const forge = (n: number) =>
      n % 4 === 0
        ? post(attacked.token, '{')
        : post(n % 4 === 1 ? 'x' : drawCallbackToken(), paidBody(attacked.id));

    for (let n = 0; n < FORGED; n += AT_ONCE) {
      const { id, token } = honest[n / AT_ONCE]!;
      const forgeries = Array.from({ length: AT_ONCE }, (_, index) => forge(n + index));
      await Promise.all([...forgeries, post(token, paidBody(id))]);
      expect(await shop.statusOf(id)).toBe('completed');
    }

    expect([...answers].map((answer) => JSON.parse(answer) as unknown)).toEqual([ACCEPTED]);
    expect(await shop.store.find(attacked.id)).toMatchObject({
      status: 'pending',
      review: [],
      nudged: false,
    });
    expect(Object.fromEntries(counted)).toEqual({ malformed: 500, 'unknown-token': 1_500 });
    expect(shop.store.quarantined.length).toBe(120);
    await shop.close();
  },
  60_000,
);
