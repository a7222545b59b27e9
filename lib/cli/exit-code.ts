/** How a command line ends; `docs/cli.md` says what each means for each command. */
export const EXIT = {
  /** Done, and well. */
  ok: 0,
  /** It failed, or what was looked at is not well. */
  failed: 1,
  /** The command line is not understood, or a value in it is refused. Nothing was done. */
  usage: 2,
  /** Nobody can tell, or not yet. A push that ends so may have asked a phone: do not repeat it. */
  unknown: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
