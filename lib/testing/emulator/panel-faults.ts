import type { EmulatorScenario } from './emulator-scenario.js';
import { EMULATOR_SCENARIOS } from './emulator-scenarios.js';

/** What the control panel can have happen to the next push. */
export interface PanelFault {
  label: string;
  /** What to expect of the application. */
  hint: string;
  scenario: EmulatorScenario;
}

const {
  cancelled,
  unreachable,
  'no-funds': noFunds,
  'system-busy': systemBusy,
} = EMULATOR_SCENARIOS;
const DELAY_MS = 20_000;

/** By the name that the page sends. The customer answers on the phone, where the fault lets them. */
export const PANEL_FAULTS: Readonly<Record<string, PanelFault>> = {
  'lose-callback': {
    label: 'Lose the callback',
    hint: 'The customer answers, and nobody tells. A query finds it.',
    scenario: { callbacks: [] },
  },
  'double-callback': {
    label: 'Send the callback twice',
    hint: 'Both at once. The order is fulfilled once.',
    scenario: { callbacks: [{}, { withPrevious: true }] },
  },
  'delay-callback': {
    label: 'Delay the callback by 20 s',
    hint: 'A query may find the answer first; the callback then adds the receipt.',
    scenario: { callbacks: [{ delayMs: DELAY_MS }] },
  },
  'contradict-callback': {
    label: 'Say cancelled, then what happened',
    hint: 'Two callbacks that contradict each other. Paid wins, and is told as late.',
    scenario: { callbacks: [{ resultCode: 1032 }, {}] },
  },
  'under-processing': {
    label: 'Lose the callback, and answer 4999',
    hint: 'Three queries are told that it is under processing still; the fourth finds it.',
    scenario: {
      callbacks: [],
      query: { settled: ['under-processing', 'under-processing', 'under-processing', 'final'] },
    },
  },
  'lose-answer': {
    label: "Lose the push's answer",
    hint: 'The phone rings, and the application cannot know. It must not ask again.',
    scenario: { push: { answer: 'no-answer', prompts: true } },
  },
  'reset-connection': {
    label: 'Reset the connection',
    hint: 'No phone rings, but the application cannot know.',
    scenario: { push: { answer: 'reset' } },
  },
  'revoke-token': {
    label: 'Revoke the token on the way',
    hint: 'The push is refused, and goes out once more with a fresh token.',
    scenario: { push: { revokesTokens: true } },
  },
  'system-busy': {
    label: 'Answer that the system is busy',
    hint: 'The push is refused; nobody was asked.',
    scenario: systemBusy,
  },
  cancelled: {
    label: 'The customer cancels',
    hint: 'At once, without a touch of the phone: result code 1032.',
    scenario: cancelled,
  },
  'no-funds': {
    label: 'Not enough money',
    hint: 'The customer would pay and cannot: result code 1.',
    scenario: noFunds,
  },
  unreachable: {
    label: 'No network',
    hint: 'The prompt reaches no phone: result code 1037.',
    scenario: unreachable,
  },
};

const SCENARIOS = new Map<string, EmulatorScenario>([
  ...Object.entries(EMULATOR_SCENARIOS),
  ...Object.entries(PANEL_FAULTS).map(([name, { scenario }]) => [name, scenario] as const),
]);

const NAMES = new Map<EmulatorScenario, string>([
  ...Object.entries(EMULATOR_SCENARIOS).map(([name, scenario]) => [scenario, name] as const),
  ...Object.values(PANEL_FAULTS).map(({ label, scenario }) => [scenario, label] as const),
]);

/** Of either list; undefined if there is none of that name. */
export const scenarioNamed = (name: string): EmulatorScenario | undefined => SCENARIOS.get(name);

/** For the panel's list of what comes next. */
export const nameOfScenario = (scenario: EmulatorScenario): string =>
  NAMES.get(scenario) ?? 'a script of your own';
