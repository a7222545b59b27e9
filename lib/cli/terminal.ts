/** What a command has to do with the outside. */
export interface Terminal {
  write: (text: string) => void;
  writeError: (text: string) => void;
  /** Whether a person is there to be asked. */
  readonly isInteractive: boolean;
  /** Asks that person. Rejects when the command is to end. */
  ask: (question: string) => Promise<string>;
  /** Everything that is piped in. */
  readInput: () => Promise<string>;
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal;
}
