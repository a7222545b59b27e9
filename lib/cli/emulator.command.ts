import { once } from 'node:events';
import type { Command } from 'commander';
import { EMULATOR_ACCOUNT } from '../testing/emulator/emulator-account.js';
import { textLike, wholeNumber } from './argument-parsers.js';
import type { CommandHost } from './command-host.js';
import { helpEnd } from './help-text.js';

interface EmulatorArguments {
  port: number;
  pin?: string;
  seed?: number;
  json?: boolean;
}

const DEFAULT_PORT = 4010;

/** `emulator`: runs the emulator until it is told to stop. */
export const addEmulator = (program: Command, { terminal }: CommandHost): void => {
  program
    .command('emulator')
    .description('run Daraja on this machine, with a virtual phone to approve payments on')
    .option(
      '--port <number>',
      'port on 127.0.0.1, 0 for a free one',
      wholeNumber(0, 65_535),
      DEFAULT_PORT,
    )
    .option(
      '--pin <digits>',
      'the PIN that pays (default: 1234)',
      textLike(/^\d{4,8}$/, '4 to 8 digits'),
    )
    .option(
      '--seed <number>',
      'the same ids and receipts each time (default: drawn)',
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .option('--json', 'print the addresses as one line of JSON')
    .addHelpText(
      'after',
      helpEnd(['emulator', 'emulator --port 0 --seed 42 --json'], {
        0: 'it was stopped',
        1: 'it could not start',
      }),
    )
    .action(async ({ port, json, ...options }: EmulatorArguments) => {
      // Loaded when it is asked for: the other commands do without.
      const { DarajaEmulator } = await import('../testing/emulator/daraja-emulator.js');
      const emulator = new DarajaEmulator(options);
      const baseUrl = await emulator.listen(port);
      const { phoneUrl, seed } = emulator;
      const environment = environmentFor(baseUrl);
      terminal.write(
        json
          ? `${JSON.stringify({ baseUrl, phoneUrl, seed, environment })}\n`
          : text(baseUrl, phoneUrl, seed, environment),
      );
      if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
      await emulator.close();
    });
};

const environmentFor = (baseUrl: string): Record<string, string> => ({
  MPESA_ENVIRONMENT: 'sandbox',
  MPESA_BASE_URL: baseUrl,
  MPESA_CONSUMER_KEY: EMULATOR_ACCOUNT.consumerKey,
  MPESA_CONSUMER_SECRET: EMULATOR_ACCOUNT.consumerSecret,
  MPESA_SHORT_CODE: EMULATOR_ACCOUNT.shortCode,
  MPESA_PASS_KEY: EMULATOR_ACCOUNT.passKey,
  MPESA_CALLBACK_URL: 'http://127.0.0.1:3000/stk/callback',
});

const text = (
  baseUrl: string,
  phoneUrl: string,
  seed: number,
  environment: Record<string, string>,
): string => {
  const lines = Object.entries(environment).map(([name, value]) => `  ${name}=${value}`);
  return `Daraja emulator   ${baseUrl}
Virtual phone     ${phoneUrl}
Seed              ${seed}

Environment of your application (put in its own port and prefix):

${lines.join('\n')}

Stop it with Ctrl-C.
`;
};
