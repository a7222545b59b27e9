/** What a command has to do with the outside. */
export interface Terminal {
  write: (text: string) => void;
  writeError: (text: string) => void;
  /** Resolves when the command is to end. */
  stopped: Promise<void>;
}
