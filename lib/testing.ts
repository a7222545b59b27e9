export { MpesaTestingModule, type MpesaTestingOptions } from './testing/mpesa-testing.module.js';
export { FakeClock } from './testing/fake-clock.js';

export { DarajaEmulator } from './testing/emulator/daraja-emulator.js';
export type { DarajaEmulatorOptions } from './testing/emulator/emulator-options.js';
export { EMULATOR_ACCOUNT, type EmulatorAccount } from './testing/emulator/emulator-account.js';
export {
  type EmulatorPrompt,
  EmulatorPromptError,
  type EmulatorPromptStatus,
} from './testing/emulator/emulator-prompt.js';
export type { EmulatorRequest } from './testing/emulator/emulator-request.js';
export type { CallbackDelivery, EmulatorDelivery } from './testing/emulator/emulator-delivery.js';
export {
  EMULATOR_SCENARIOS,
  type EmulatorScenarioName,
} from './testing/emulator/emulator-scenarios.js';
export type {
  CallbackScript,
  CustomerScript,
  EmulatorDelay,
  EmulatorScenario,
  PushScript,
  QueryAnswerScript,
  QueryScript,
} from './testing/emulator/emulator-scenario.js';
export type { EmulatorMatch } from './testing/emulator/scenario-book.js';
export type { DarajaAnswerName } from './testing/emulator/named-answers.js';
export type { ConnectionFault, WireAnswer } from './testing/emulator/wire-answer.js';

export {
  stkCallback,
  type StkCallbackBody,
  type StkCallbackIds,
  type StkCallbackItem,
  type StkCallbackItemName,
  type StkCallbackSuccess,
} from './testing/emulator/stk-callback.builder.js';
export { type DarajaReply, darajaResponse } from './testing/emulator/daraja-response.builder.js';

export { storeConformance } from './testing/store-conformance/store-conformance.js';
export type {
  StoreConformanceCheck,
  StoreConformanceContext,
} from './testing/store-conformance/store-conformance-check.js';

export { forgeryKit } from './testing/forgery-kit/forgery-kit.js';
export type {
  ForgeryKitOptions,
  ForgeryPost,
  ForgeryReport,
} from './testing/forgery-kit/forgery-kit.js';
