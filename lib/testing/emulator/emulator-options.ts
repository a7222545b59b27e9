import type { Clock } from '../../attempts/clock.js';
import type { EmulatorAccount } from './emulator-account.js';
import type { CallbackDelivery } from './emulator-delivery.js';
import type { EmulatorScenario } from './emulator-scenario.js';
import type { EmulatorScenarioName } from './emulator-scenarios.js';

/**
 * How an emulator behaves; each has a default.
 * @publicApi
 */
export interface DarajaEmulatorOptions {
  /**
   * Ids, receipts and delays are the same for the same seed and clock. Default: drawn; see `seed`.
   */
  seed?: number;
  /** Default: the machine's own time. */
  clock?: Clock;
  /**
   * The shops that it knows; several for an application with several accounts. Default
   * `EMULATOR_ACCOUNT`.
   */
  credentials?: EmulatorAccount | readonly EmulatorAccount[];
  /** The PIN that pays, on every phone: digits. Default `1234`. */
  pin?: string;
  /** How long a prompt rings before Daraja gives up with 1037, in ms. Default 60,000. */
  promptLifetimeMs?: number;
  /** How long an access token holds, in ms. Default 3,600,000. */
  tokenLifetimeMs?: number;
  /**
   * Takes a callback to its receiver. Default: one HTTP POST with a time-out of 5 s. Whatever comes of
   * it, there is no second try.
   */
  deliver?: (delivery: CallbackDelivery) => Promise<unknown>;
  /** For pushes that no script is for. Default `rings`. */
  defaultScenario?: EmulatorScenario | EmulatorScenarioName;
}
