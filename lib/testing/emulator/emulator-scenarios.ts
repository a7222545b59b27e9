import type { EmulatorScenario } from './emulator-scenario.js';

const PAYS = { resultCode: 0 } as const;
const CANCELS = { resultCode: 1032 } as const;
/** Longer than an application waits by default before it takes an attempt as expired (5 min). */
const TOO_LATE_MS = 360_000;

const whatTheCustomerDoes = {
  /** The prompt rings until somebody answers it, or it expires. What happens without a script. */
  rings: {},
  paid: { customer: PAYS },
  cancelled: { customer: CANCELS },
  'wrong-pin': { customer: { resultCode: 2001 } },
  'pin-locked': { customer: { resultCode: 8006 } },
  'no-funds': { customer: { resultCode: 1 } },
  /** The phone is off: 1037 soon, without a prompt that could be answered. */
  unreachable: { customer: { resultCode: 1037, resultDesc: 'DS timeout user cannot be reached' } },
  /** Nobody answers: 1037 at the end of the prompt's lifetime. */
  expired: { customer: 'ignores' },
  'rule-limited': { customer: { resultCode: 17 } },
} satisfies Record<string, EmulatorScenario>;

const howTheCallbackComes = {
  /** Paid, and only a query will tell. */
  'lost-callback': { customer: PAYS, callbacks: [] },
  /** Paid at once, told six minutes later; a query knows it before. */
  'late-callback': { customer: PAYS, callbacks: [{ delayMs: TOO_LATE_MS }] },
  /** Paid after six minutes: until then a query finds it pending. */
  'late-success': { customer: { ...PAYS, afterMs: TOO_LATE_MS } },
  duplicated: { customer: PAYS, callbacks: [{}, {}] },
  'duplicated-at-once': { customer: PAYS, callbacks: [{}, { withPrevious: true }] },
  /** Held back until the callback of another prompt was delivered. */
  reordered: { customer: PAYS, callbacks: [{ afterAnotherPrompt: true }] },
  'failure-then-success': { customer: PAYS, callbacks: [CANCELS, {}] },
  'success-then-failure': { customer: PAYS, callbacks: [{}, CANCELS] },
  'callback-before-response': { push: { afterCallback: true }, customer: PAYS },
} satisfies Record<string, EmulatorScenario>;

const howThePushIsAnswered = {
  /** Taken, asked and paid; the connection stays open and brings no answer. */
  'lost-response': { push: { answer: 'no-answer', prompts: true }, customer: PAYS },
  /** Reset before Daraja acted on the request's body: no prompt, but who sent it cannot know. */
  'reset-before-body': { push: { answer: 'reset' } },
  /** Reset after Daraja acted on the request's body: asked and paid. */
  'reset-after-body': { push: { answer: 'reset', prompts: true }, customer: PAYS },
  /** Closed in the middle of the answer: asked and paid. */
  'cut-response': { push: { answer: 'cut-answer', prompts: true }, customer: PAYS },
  /** Half of the answer, then silence: asked and paid. */
  'stalled-response': { push: { answer: 'stalled-answer', prompts: true }, customer: PAYS },
  /** Accepted, after ten seconds. */
  slow: { push: { delayMs: 10_000 }, customer: PAYS },
  'wrong-credentials': { push: { answer: 'wrong-credentials' } },
  'merchant-does-not-exist': { push: { answer: 'merchant-does-not-exist' } },
  'subscriber-locked': { push: { answer: 'subscriber-locked' } },
  /** 500.001.1001 without a message, though the phone is asked and the customer pays. */
  'unexplained-error': { push: { answer: 'bare-error', prompts: true }, customer: PAYS },
  'system-busy': { push: { answer: 'system-busy' } },
  'spike-arrest': { push: { answer: 'spike-arrest' } },
  'spike-arrest-500': { push: { answer: 'spike-arrest-500' } },
  'quota-violation': { push: { answer: 'quota-violation' } },
  'internal-error': { push: { answer: 'internal-error' } },
  /** Reported as an error, and yet asked and paid. */
  'internal-error-but-paid': { push: { answer: 'internal-error', prompts: true }, customer: PAYS },
  'no-product': { push: { answer: 'no-product' } },
  'soap-fault': { push: { answer: 'soap-fault' } },
  'html-200': { push: { answer: 'html-200' } },
  'html-403': { push: { answer: 'html-403' } },
  'html-502': { push: { answer: 'html-502' } },
  'html-503': { push: { answer: 'html-503' } },
  'empty-body': { push: { answer: 'empty-body' } },
  /** All tokens become void on the way; the same push with a fresh one meets the next scenario. */
  'token-revoked': { push: { revokesTokens: true } },
} satisfies Record<string, EmulatorScenario>;

const whatTheCallbackLooksLike = {
  'string-success-code': { customer: { resultCode: '0' } },
  'string-result-code': { customer: { resultCode: '1032' } },
  'lettered-result-code': { customer: { resultCode: 'SFC_IC0003' } },
  /** A code that nobody documents: decides nothing. */
  'unknown-result-code': { customer: { resultCode: 'TP40087' } },
  'balance-empty': { customer: PAYS, callbacks: [{ balance: 'empty' }] },
  'balance-number': { customer: PAYS, callbacks: [{ balance: 'number' }] },
  'balance-text': { customer: PAYS, callbacks: [{ balance: 'text' }] },
  'masked-phone': { customer: PAYS, callbacks: [{ phoneNumber: 'masked' }] },
  'absent-phone': { customer: PAYS, callbacks: [{ phoneNumber: 'absent' }] },
} satisfies Record<string, EmulatorScenario>;

/** In these the callback is lost, or contradicts: the query matters. */
const howTheQueryAnswers = {
  /** Every pending answer that was recorded, while the prompt rings on. */
  'query-pending-variants': {
    query: {
      pending: ['too-early', 'blank-error', 'being-processed', 'bare-error', 'under-processing'],
    },
  },
  /** Paid; the query fails now and then even after it had the answer. */
  'query-flaky': {
    customer: PAYS,
    callbacks: [],
    query: { settled: ['bare-error', 'final', 'bare-error', 'final'] },
  },
  'query-throttled': {
    customer: PAYS,
    callbacks: [],
    query: { settled: ['spike-arrest', 'spike-arrest', 'final'] },
  },
  /** The callback says paid, the query cancelled. */
  'query-contradicts-success': { customer: PAYS, query: { settled: [CANCELS] } },
  /** The callback says cancelled, the query paid. */
  'query-contradicts-failure': { customer: PAYS, callbacks: [CANCELS] },
} satisfies Record<string, EmulatorScenario>;

/**
 * Ready-made scenarios by name; pass the name, or spread one and change it.
 *
 * ```ts
 * emulator.next('cancelled');
 * emulator.on({ phoneNumber: '254708374149' }, 'lost-callback');
 * emulator.next({ ...EMULATOR_SCENARIOS.slow, push: { delayMs: 3_000 } });
 * ```
 * @publicApi
 */
export const EMULATOR_SCENARIOS = {
  ...whatTheCustomerDoes,
  ...howTheCallbackComes,
  ...howThePushIsAnswered,
  ...whatTheCallbackLooksLike,
  ...howTheQueryAnswers,
} satisfies Record<string, EmulatorScenario>;

/**
 * Name of a ready-made scenario.
 * @publicApi
 */
export type EmulatorScenarioName = keyof typeof EMULATOR_SCENARIOS;
