import type { EmulatorDelay, EmulatorScenario } from './emulator-scenario.js';
import { EMULATOR_SCENARIOS } from './emulator-scenarios.js';
import type { EmulatorScenarioName } from './emulator-scenarios.js';
import { SeededRandom } from './seeded-random.js';

/**
 * Which pushes a rule is for; all of what is given must match.
 * @publicApi
 */
export interface EmulatorMatch {
  /** `254` and nine digits, as it is on the wire. */
  phoneNumber?: string;
  /** Whole KES. */
  amount?: number;
}

interface Rule {
  match: EmulatorMatch;
  scenarios: EmulatorScenario[];
  used: number;
}

const MSISDN = /^254\d{9}$/;

export const scenarioOf = (scenario: EmulatorScenario | EmulatorScenarioName): EmulatorScenario => {
  if (typeof scenario !== 'string') return scenario;
  if (!Object.hasOwn(EMULATOR_SCENARIOS, scenario)) {
    const known = Object.keys(EMULATOR_SCENARIOS).join(', ');
    throw new Error(`The emulator knows no scenario "${scenario}". Known: ${known}.`);
  }
  return EMULATOR_SCENARIOS[scenario];
};

/** What is scripted: for the next pushes, else by rule (the newest first), else the default. */
export class ScenarioBook {
  private queue: EmulatorScenario[] = [];
  private readonly rules: Rule[] = [];
  private readonly unreachable = new Set<string>();
  private readonly standard: EmulatorScenario;
  private readonly random: SeededRandom;

  constructor(seed: number, standard: EmulatorScenario | EmulatorScenarioName) {
    this.standard = scenarioOf(standard);
    this.random = new SeededRandom(seed, 'jitter');
  }

  next(scenarios: readonly (EmulatorScenario | EmulatorScenarioName)[]): void {
    this.queue.push(...scenarios.map(scenarioOf));
  }

  /** What the next pushes get. */
  get upcoming(): readonly EmulatorScenario[] {
    return this.queue;
  }

  /** Forgets what the next pushes were to get. */
  clear(): void {
    this.queue = [];
  }

  isReachable(phoneNumber: string): boolean {
    return !this.unreachable.has(phoneNumber);
  }

  /** A phone without network gets no prompt, and uses up no script. */
  setReachable(phoneNumber: string, reachable: boolean): void {
    if (reachable) this.unreachable.delete(phoneNumber);
    else this.unreachable.add(phoneNumber);
  }

  on(match: EmulatorMatch, scenarios: readonly (EmulatorScenario | EmulatorScenarioName)[]): void {
    if (match.phoneNumber === undefined && match.amount === undefined) {
      throw new Error(
        'A rule needs a phoneNumber or an amount; for every push use defaultScenario.',
      );
    }
    if (match.phoneNumber !== undefined && !MSISDN.test(match.phoneNumber)) {
      throw new Error('A rule\'s phoneNumber is "254" and nine digits, as it is on the wire.');
    }
    if (scenarios.length === 0) throw new Error('A rule needs a scenario.');
    this.rules.unshift({ match, scenarios: scenarios.map(scenarioOf), used: 0 });
  }

  /** The scenario of this push; uses it up. The last one of a rule goes on for ever. */
  take(push: { phoneNumber: string; amount: number }): EmulatorScenario {
    if (!this.isReachable(push.phoneNumber)) return EMULATOR_SCENARIOS.unreachable;
    const next = this.queue.shift();
    if (next) return next;
    const rule = this.rules.find(
      ({ match }) =>
        (match.phoneNumber === undefined || match.phoneNumber === push.phoneNumber) &&
        (match.amount === undefined || match.amount === push.amount),
    );
    if (!rule) return this.standard;
    const scenario = inTurn(rule.scenarios, rule.used, this.standard);
    rule.used += 1;
    return scenario;
  }

  draw(delay: EmulatorDelay = 0): number {
    return typeof delay === 'number' ? delay : this.random.between(delay[0], delay[1]);
  }
}

/** The entry of that turn; the last one repeats. */
export const inTurn = <T>(list: readonly T[], turn: number, otherwise: T): T =>
  list[Math.min(turn, list.length - 1)] ?? otherwise;
