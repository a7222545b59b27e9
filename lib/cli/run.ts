import { emulatorCommand } from './emulator.command.js';
import type { Terminal } from './terminal.js';
import { USAGE, UsageError } from './usage.js';

const HELP = ['--help', '-h'];

/**
 * Runs a command line. Resolves with the exit code: 0, 1 if it failed, 2 if it is not understood.
 */
export const run = async (args: string[], terminal: Terminal): Promise<number> => {
  if (args.some((argument) => HELP.includes(argument))) {
    terminal.write(USAGE);
    return 0;
  }
  const [command, ...rest] = args;
  try {
    if (command === undefined) throw new UsageError('No command.');
    if (command !== 'emulator') throw new UsageError(`Unknown command "${command}".`);
    await emulatorCommand(rest, terminal);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UsageError) {
      terminal.writeError(`${message}\n\n${USAGE}`);
      return 2;
    }
    terminal.writeError(`${message}\n`);
    return 1;
  }
};
