import type { StkAttempt } from '../../attempts/stk-attempt.js';
import { stkCallback } from '../emulator/stk-callback.builder.js';
import { forgeriesOf, successOf, type Forgery } from './forgery.js';
import { postForgery } from './post-forgery.js';

/**
 * What the kit is let loose on.
 * @publicApi
 */
export interface ForgeryKitOptions {
  /**
   * The callback URL that Daraja was given for the attempt, with its token, on the host where the
   * application listens. The emulator has it: `CallBackURL` in the body of the push in `received`.
   */
  callbackUrl: string;
  /** A pending attempt. Nobody else may answer its prompt meanwhile. */
  attempt: StkAttempt;
  /** Reads the attempt afresh: `() => stk.find(attempt.id)`. */
  read: () => Promise<StkAttempt | null>;
  /**
   * After the forgeries the true callback is posted, which must complete the attempt, and then again in
   * other forms. `false` leaves that out: for `confirmation: 'query'`.
   * @default true
   */
  honest?: boolean;
}

/**
 * What one callback came to.
 * @publicApi
 */
export interface ForgeryPost {
  /** `amount: one shilling more`. */
  readonly name: string;
  /** Status, content type and body; or `no answer: …`. */
  readonly answer: string;
  /** The attempt's status after it. */
  readonly status: StkAttempt['status'] | 'gone';
}

/**
 * What the kit found.
 * @publicApi
 */
export interface ForgeryReport {
  /** What each callback came to, in order. */
  readonly posts: readonly ForgeryPost[];
  /** How many forgeries found the attempt not completed and left it so. 0 is what you want. */
  readonly completions: number;
  /** The different answers that were given. One is what you want: two tell a stranger something. */
  readonly answers: readonly string[];
  /** What is wrong, for people. Empty where the application holds. */
  readonly problems: readonly string[];
}

/**
 * Posts forged callbacks to your own application, over HTTP and through whatever stands before it: without
 * the token, with the token and other facts, with bytes that are no callback, replayed and reordered. Each
 * has to get the same answer and to change nothing.
 *
 * ```ts
 * const attempt = await stk.push(input);                 // your app runs on the emulator
 * const push = emulator.received.at(-1);
 * const { pathname } = new URL(String(push?.body.CallBackURL));
 * const callbackUrl = new URL(pathname, await app.getUrl()).href;
 * const report = await forgeryKit({ callbackUrl, attempt, read: () => stk.find(attempt.id) });
 * expect(report.problems).toEqual([]);
 * ```
 * @throws {TypeError} where `callbackUrl` is no URL, or the attempt is not pending with its ids
 * @publicApi
 */
export async function forgeryKit(options: ForgeryKitOptions): Promise<ForgeryReport> {
  const { attempt, honest = true } = options;
  const url = new URL(options.callbackUrl);
  if (attempt.status !== 'pending' || !attempt.checkoutRequestId || !attempt.merchantRequestId) {
    throw new TypeError(
      `forgeryKit() needs a pending attempt with its ids; this is ${attempt.status}. Give the one that push() resolved with.`,
    );
  }
  const trial = new Trial(url, options.read);
  for (const forgery of forgeriesOf(attempt)) await trial.post(forgery, 'pending');
  if (honest) {
    const forms = [{ name: 'honest: the first time', body: JSON.stringify(successOf(attempt)) }];
    for (const form of [...forms, ...repeatsOf(attempt)]) await trial.post(form, 'completed');
  }
  return trial.report();
}

/** What may come after a payment, and must add nothing to it. */
function repeatsOf(attempt: StkAttempt): Forgery[] {
  const paid = successOf(attempt);
  const reversed = Object.fromEntries(Object.entries(paid.Body.stkCallback).reverse());
  const ids = {
    merchantRequestId: attempt.merchantRequestId ?? undefined,
    checkoutRequestId: attempt.checkoutRequestId ?? undefined,
  };
  return [
    { name: 'replayed', body: JSON.stringify(paid) },
    { name: 'replayed: spaced', body: JSON.stringify(paid, null, 2) },
    { name: 'replayed: reordered', body: JSON.stringify({ Body: { stkCallback: reversed } }) },
    { name: 'replayed: cancelled after all', body: JSON.stringify(stkCallback.failure(1032, ids)) },
    {
      name: 'replayed: another receipt',
      body: JSON.stringify(successOf(attempt, { receipt: 'UZZ9ZZZZZZ' })),
    },
  ];
}

class Trial {
  private readonly posts: ForgeryPost[] = [];
  private readonly problems: string[] = [];
  private receipt: string | null = null;

  constructor(
    private readonly url: URL,
    private readonly read: ForgeryKitOptions['read'],
  ) {}

  async post(forgery: Forgery, expected: StkAttempt['status']): Promise<void> {
    const { name } = forgery;
    const answer = await postForgery(this.url, forgery);
    const after = await this.read();
    const status = after?.status ?? 'gone';
    const receipt = after?.receipt ?? null;
    this.posts.push({ name, answer, status });
    if (!answer.startsWith('200 ')) this.problems.push(`${name}: answered ${answer}`);
    if (status !== expected)
      this.problems.push(`${name}: the attempt is ${status}, not ${expected}`);
    if (expected === 'completed') {
      this.receipt ??= receipt;
      if (receipt !== this.receipt) this.problems.push(`${name}: the receipt has changed`);
    }
  }

  report(): ForgeryReport {
    const answers = [...new Set(this.posts.map(({ answer }) => answer))];
    const forged = this.posts.filter(({ name }) => !/^(?:honest|replayed)\b/.test(name));
    const before = (index: number) => forged[index - 1]?.status ?? 'pending';
    return {
      posts: this.posts,
      completions: forged.filter(
        ({ status }, index) => status === 'completed' && before(index) !== 'completed',
      ).length,
      answers,
      problems:
        answers.length > 1
          ? [
              ...this.problems,
              `There are ${answers.length} different answers: ${answers.join(' | ')}`,
            ]
          : this.problems,
    };
  }
}
