import type { AccessTokenRegister } from './access-token-register.js';
import type { Agenda } from './agenda.js';
import type { DarajaIds } from './daraja-ids.js';
import type { EmulatorAccount } from './emulator-account.js';
import type { PromptRegister } from './prompt-register.js';
import type { ScenarioBook } from './scenario-book.js';
import type { WireAnswer } from './wire-answer.js';

/** What the endpoints of one emulator share. */
export interface EmulatorContext {
  accounts: readonly EmulatorAccount[];
  agenda: Agenda;
  ids: DarajaIds;
  book: ScenarioBook;
  tokens: AccessTokenRegister;
  prompts: PromptRegister;
  /** Scripted answers to the next token requests. */
  tokenAnswers: WireAnswer[];
}
