export const USAGE = `Usage: nestjs-mpesa <command>

Commands:
  emulator            Daraja on this machine, with a virtual phone to approve payments on

Options of emulator:
  --port <number>     port on 127.0.0.1, 0 for a free one   (default 4010)
  --pin <digits>      the PIN that pays, 4 to 8 digits      (default 1234)
  --seed <number>     the same ids and receipts each time   (default drawn)
  --json              print the addresses as one line of JSON

  --help, -h          this text
`;

/** The command line is wrong. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
