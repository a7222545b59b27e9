import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** What the commands of one command line share. */
export interface CommandHost {
  readonly terminal: Terminal;
  /** Says how the command ended; without a word it ended well. */
  readonly end: (code: ExitCode) => void;
}
