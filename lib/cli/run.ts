import { Command, CommanderError } from 'commander';
import { MpesaError } from '../mpesa.error.js';
import { describeError } from '../redaction/describe-error.js';
import { StkInvalidInputError } from '../stk/stk.errors.js';
import type { CommandHost } from './command-host.js';
import { addDecode } from './decode.command.js';
import { addDoctor } from './doctor.command.js';
import { addEmulator } from './emulator.command.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { addPush } from './push.command.js';
import { addQuery } from './query.command.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Runs a command line. Resolves with its exit code; what went wrong has then been written. */
export const run = async (args: string[], terminal: Terminal): Promise<ExitCode> => {
  let exitCode: ExitCode = EXIT.ok;
  const host: CommandHost = { terminal, end: (code) => (exitCode = code) };
  try {
    await programFor(host).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has written its own.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    report(error, args.includes('--json'), terminal);
    const isUsage = error instanceof UsageError || error instanceof StkInvalidInputError;
    return isUsage ? EXIT.usage : EXIT.failed;
  }
};

const programFor = (host: CommandHost): Command => {
  const program = new Command('nestjs-mpesa')
    .description('M-Pesa STK Push from the command line.')
    .configureOutput({ writeOut: host.terminal.write, writeErr: host.terminal.writeError })
    .showHelpAfterError()
    .exitOverride();
  for (const add of [addDoctor, addPush, addQuery, addDecode, addEmulator]) add(program, host);
  return program;
};

/** An error of ours holds nothing secret; of others' only name and message are shown, cleaned. */
function report(error: unknown, json: boolean, terminal: Terminal): void {
  const ours = MpesaError.is(error) || error instanceof UsageError;
  if (json) {
    const shown = MpesaError.is(error) ? error.toJSON() : { message: messageOf(error, ours) };
    terminal.write(`${JSON.stringify({ error: shown })}\n`);
  } else {
    terminal.writeError(`${messageOf(error, ours)}\n`);
  }
}

const messageOf = (error: unknown, ours: boolean): string =>
  ours ? (error as Error).message : describeError(error);
