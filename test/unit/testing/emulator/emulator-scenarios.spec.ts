import { EMULATOR_SCENARIOS } from '../../../../lib/testing/emulator/emulator-scenarios.js';
import type { EmulatorScenarioName } from '../../../../lib/testing/emulator/emulator-scenarios.js';
import { checkoutIdOf, closeStages, setStage, until } from './support.js';
import type { Answer, Stage } from './support.js';

afterEach(closeStages);

/** What an observer sees of a push: status and code, or how the connection broke. */
const told = ({ status, text, error, headers }: Answer): string => {
  const outcome = error === null ? '' : ` ${error}`;
  if (error !== null || text === '') return `${String(status)}${outcome}`;
  if (!/json/.test(String(headers['content-type']))) return `${String(status)} not JSON`;
  const body = JSON.parse(text) as Record<string, string | undefined>;
  if (body.ResultCode !== undefined) return `${String(status)} result ${body.ResultCode}`;
  if (body.CheckoutRequestID !== undefined) return `${String(status)} accepted`;
  const code = body.errorCode;
  if (code === undefined) return `${String(status)} ${Object.keys(body).join()}`;
  return `${String(status)} ${code} ${body.errorMessage ?? '(none)'}`;
};

interface Story {
  push: string;
  /** Result codes of the callbacks that came at once, within a minute, within six minutes. */
  callbacks?: [unknown[], unknown[]?, unknown[]?];
  /** What a query is told at once, after a minute, after six minutes. */
  query?: [string, string, string];
  status?: string;
  check?: (stage: Stage) => void;
}

const ACCEPTED = '200 accepted';
const final = (code: string): [string, string, string] => [
  `200 result ${code}`,
  `200 result ${code}`,
  `200 result ${code}`,
];
const PAID: Story = { push: ACCEPTED, callbacks: [[0]], query: final('0'), status: 'paid' };
const ended = (code: number, status: string): Story => ({
  push: ACCEPTED,
  callbacks: [[code]],
  query: final(String(code)),
  status,
});
/** Refused: no prompt, no callback. */
const refused = (push: string): Story => ({ push });
/** The answer is lost or wrong, the customer is asked and pays. */
const paidAllTheSame = (push: string): Story => ({ ...PAID, push });

const item = (stage: Stage, name: string): unknown => {
  const { CallbackMetadata } = stage.callbacks()[0] as unknown as {
    CallbackMetadata: { Item: { Name: string }[] };
  };
  return CallbackMetadata.Item.find(({ Name }) => Name === name);
};

/** These do not fit the table; each has a test of its own below. */
type OwnTest =
  | 'lost-response'
  | 'stalled-response'
  | 'slow'
  | 'reordered'
  | 'callback-before-response'
  | 'token-revoked'
  | 'query-pending-variants'
  | 'query-flaky'
  | 'query-throttled';

const STORIES: Record<Exclude<EmulatorScenarioName, OwnTest>, Story> = {
  rings: {
    push: ACCEPTED,
    callbacks: [[], [1037]],
    query: ['200 500.001.1001 ', '200 result 1037', '200 result 1037'],
    status: 'expired',
  },
  paid: PAID,
  cancelled: ended(1032, 'cancelled'),
  'wrong-pin': ended(2001, 'wrong-pin'),
  'pin-locked': ended(8006, 'failed'),
  'no-funds': ended(1, 'failed'),
  unreachable: ended(1037, 'expired'),
  expired: {
    push: ACCEPTED,
    callbacks: [[], [1037]],
    query: ['200 500.001.1001 ', '200 result 1037', '200 result 1037'],
    status: 'expired',
  },
  'rule-limited': ended(17, 'failed'),
  'lost-callback': { ...PAID, callbacks: [[]] },
  'late-callback': { ...PAID, callbacks: [[], [], [0]] },
  'late-success': {
    push: ACCEPTED,
    callbacks: [[], [], [0]],
    query: ['200 500.001.1001 ', '200 result 4999', '200 result 0'],
    status: 'paid',
  },
  duplicated: {
    ...PAID,
    callbacks: [[0, 0]],
    check: ({ receiver }) => {
      expect(receiver.callbacks[0]!.body).toBe(receiver.callbacks[1]!.body);
    },
  },
  'duplicated-at-once': { ...PAID, callbacks: [[0, 0]] },
  'failure-then-success': { ...PAID, callbacks: [[1032, 0]] },
  'success-then-failure': { ...PAID, callbacks: [[0, 1032]] },
  'reset-before-body': refused('null ECONNRESET'),
  'reset-after-body': paidAllTheSame('null ECONNRESET'),
  'cut-response': paidAllTheSame('200 ECONNRESET'),
  'wrong-credentials': refused('500 500.001.1001 Wrong credentials'),
  'merchant-does-not-exist': refused('500 500.001.1001 Merchant does not exist'),
  'subscriber-locked': refused(
    '500 500.001.1001 Unable to lock subscriber, a transaction is already in process for the current subscriber',
  ),
  'unexplained-error': paidAllTheSame('500 500.001.1001 (none)'),
  'system-busy': refused('500 500.003.02 System is busy. Please try again in few minutes.'),
  'spike-arrest': refused('429 fault'),
  'spike-arrest-500': refused('500 500.003.02 Error Occurred: Spike Arrest Violation'),
  'quota-violation': refused('500 500.003.03 Quota Violation'),
  'internal-error': refused('500 500.003.1001 Internal Server Error'),
  'internal-error-but-paid': paidAllTheSame('500 500.003.1001 Internal Server Error'),
  'no-product': refused('401 not JSON'),
  'soap-fault': refused('503 Envelope'),
  'html-200': refused('200 not JSON'),
  'html-403': refused('403 not JSON'),
  'html-502': refused('502 not JSON'),
  'html-503': refused('503 not JSON'),
  'empty-body': refused('200'),
  'string-success-code': { ...PAID, callbacks: [['0']] },
  'string-result-code': {
    push: ACCEPTED,
    callbacks: [['1032']],
    query: final('1032'),
    status: 'cancelled',
  },
  'lettered-result-code': {
    push: ACCEPTED,
    callbacks: [['SFC_IC0003']],
    query: final('SFC_IC0003'),
    status: 'failed',
  },
  'unknown-result-code': {
    push: ACCEPTED,
    callbacks: [['TP40087']],
    query: final('TP40087'),
    status: 'failed',
  },
  'balance-empty': {
    ...PAID,
    check: (stage) => {
      expect(item(stage, 'Balance')).toEqual({ Name: 'Balance' });
    },
  },
  'balance-number': {
    ...PAID,
    check: (stage) => {
      expect(item(stage, 'Balance')).toEqual({ Name: 'Balance', Value: 50.5 });
    },
  },
  'balance-text': {
    ...PAID,
    check: (stage) => {
      const Value = '{Amount={BasicAmount=50.5}}';
      expect(item(stage, 'Balance')).toEqual({ Name: 'Balance', Value });
    },
  },
  'masked-phone': {
    ...PAID,
    check: (stage) => {
      expect(item(stage, 'PhoneNumber')).toEqual({ Name: 'PhoneNumber', Value: '254708***149' });
    },
  },
  'absent-phone': {
    ...PAID,
    check: (stage) => {
      expect(item(stage, 'PhoneNumber')).toBeUndefined();
    },
  },
  'query-contradicts-success': { ...PAID, query: final('1032') },
  'query-contradicts-failure': { ...PAID, callbacks: [[1032]] },
};

const OWN_TESTS: Record<OwnTest, true> = {
  'lost-response': true,
  'stalled-response': true,
  slow: true,
  reordered: true,
  'callback-before-response': true,
  'token-revoked': true,
  'query-pending-variants': true,
  'query-flaky': true,
  'query-throttled': true,
};

it('has a test for each scenario', () => {
  expect(Object.keys({ ...STORIES, ...OWN_TESTS }).sort()).toEqual(
    Object.keys(EMULATOR_SCENARIOS).sort(),
  );
});

const names = Object.keys(STORIES) as (keyof typeof STORIES)[];

describe.each(names)('the scenario %s', (name) => {
  it('goes as told', async () => {
    const { push, callbacks, query, status, check }: Story = STORIES[name];
    const stage = await setStage();
    const { clock, emulator, client } = stage;
    emulator.next(name);

    expect(told(await client.push())).toBe(push);

    const [prompt] = emulator.prompts.values();
    if (status === undefined) {
      expect(prompt).toBeUndefined();
      await emulator.idle();
      expect(emulator.deliveries).toEqual([]);
      return;
    }
    const seen: unknown[][] = [];
    const answers: string[] = [];
    for (const elapses of [0, 60_000, 300_000]) {
      clock.advance(elapses);
      await emulator.idle();
      seen.push(stage.callbacks().map(({ ResultCode }) => ResultCode));
      answers.push(told(await client.query(prompt!.id)));
    }
    const [first, second = first, third = second] = callbacks!;
    expect(seen).toEqual([first, second, third]);
    expect(answers).toEqual(query);
    expect(emulator.prompts.get(prompt!.id)!.status).toBe(status);
    check?.(stage);
  });
});

describe('an answer that does not come', () => {
  it.each(['lost-response', 'stalled-response'] as const)(
    '%s: the customer is asked and pays, the connection stays open until somebody ends it',
    async (name) => {
      const { emulator, client, callbacks } = await setStage();
      emulator.next(name);
      let answer: Answer | null = null;
      const pushed = client.push().then((each) => (answer = each));

      await until(() => emulator.deliveries.length === 1);
      await emulator.idle();

      expect(callbacks()).toMatchObject([{ ResultCode: 0 }]);
      expect(answer).toBeNull();
      await emulator.close();
      const broken = await pushed;
      expect(broken.error).toBe('ECONNRESET');
      expect(broken.status).toBe(name === 'lost-response' ? null : 200);
      if (name === 'stalled-response') expect(broken.text).toContain('MerchantRequestID');
    },
  );

  it('slow: comes after ten seconds, and the customer pays then', async () => {
    const { clock, emulator, client, callbacks } = await setStage();
    emulator.next('slow');
    let answer: Answer | null = null;
    const pushed = client.push().then((each) => (answer = each));
    await until(() => clock.scheduled > 0);

    clock.advance(9_999);
    await emulator.idle();
    expect(answer).toBeNull();
    expect([...emulator.prompts.values()]).toMatchObject([{ status: 'ringing' }]);

    clock.advance(1);
    expect(told(await pushed)).toBe(ACCEPTED);
    await emulator.idle();
    expect(callbacks()).toMatchObject([{ ResultCode: 0 }]);
  });
});

describe('the order of things', () => {
  it('reordered: the callback comes after that of the next prompt', async () => {
    const { emulator, client, callbacks } = await setStage();
    emulator.next('reordered', 'paid');

    const first = checkoutIdOf(await client.push());
    await emulator.idle();
    expect(callbacks()).toEqual([]);
    const second = checkoutIdOf(await client.push());
    await until(() => emulator.deliveries.length === 2);
    await emulator.idle();

    expect(callbacks().map(({ CheckoutRequestID }) => CheckoutRequestID)).toEqual([second, first]);
  });

  it('callback-before-response: the callback is answered before the push is', async () => {
    const order: string[] = [];
    const { emulator, client } = await setStage({
      deliver: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push('callback');
      },
    });
    emulator.next('callback-before-response');

    const answer = await client.push();
    order.push('response');

    expect(told(answer)).toBe(ACCEPTED);
    expect(order).toEqual(['callback', 'response']);
  });

  it('token-revoked: refuses the push, and the same one with a fresh token meets the next scenario', async () => {
    const { emulator, client, callbacks } = await setStage();
    emulator.next('token-revoked', 'paid');

    expect(told(await client.push())).toBe('404 404.001.03 Invalid Access Token');
    expect(told(await client.push())).toBe('404 404.001.03 Invalid Access Token');
    expect(emulator.prompts.size).toBe(0);
    await client.authorize();
    expect(told(await client.push())).toBe(ACCEPTED);
    await emulator.idle();
    expect(callbacks()).toMatchObject([{ ResultCode: 0 }]);
  });
});

describe('a sequence of answers to queries', () => {
  const askTimes = async (name: EmulatorScenarioName, times: number): Promise<string[]> => {
    const { emulator, client } = await setStage();
    emulator.next(name);
    const id = checkoutIdOf(await client.push());
    await emulator.idle();
    const answers: string[] = [];
    while (answers.length < times) answers.push(told(await client.query(id)));
    return answers;
  };

  it('query-pending-variants: every pending answer, the last one for ever', async () => {
    expect(await askTimes('query-pending-variants', 6)).toEqual([
      '400 400.002.02 Bad Request - Invalid CheckoutRequestID',
      '200 500.001.1001 ',
      '500 500.001.1001 The transaction is being processed',
      '500 500.001.1001 (none)',
      '200 result 4999',
      '200 result 4999',
    ]);
  });

  it('query-flaky: an error again after the final answer', async () => {
    expect(await askTimes('query-flaky', 5)).toEqual([
      '500 500.001.1001 (none)',
      '200 result 0',
      '500 500.001.1001 (none)',
      '200 result 0',
      '200 result 0',
    ]);
  });

  it('query-throttled: 429 twice', async () => {
    expect(await askTimes('query-throttled', 3)).toEqual([
      '429 fault',
      '429 fault',
      '200 result 0',
    ]);
  });
});
