import { parseArgs } from 'node:util';
import { EMULATOR_ACCOUNT } from '../testing/emulator/emulator-account.js';
import { DarajaEmulator } from '../testing/emulator/daraja-emulator.js';
import type { DarajaEmulatorOptions } from '../testing/emulator/emulator-options.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage.js';

interface EmulatorArguments {
  port: number;
  json: boolean;
  options: DarajaEmulatorOptions;
}

const DEFAULT_PORT = '4010';

/** Runs the emulator until the terminal says stop. */
export const emulatorCommand = async (args: string[], terminal: Terminal): Promise<void> => {
  const { port, json, options } = parse(args);
  const emulator = new DarajaEmulator(options);
  const baseUrl = await emulator.listen(port);
  const { phoneUrl, seed } = emulator;
  const environment = environmentFor(baseUrl);
  terminal.write(
    json
      ? `${JSON.stringify({ baseUrl, phoneUrl, seed, environment })}\n`
      : text(baseUrl, phoneUrl, seed, environment),
  );
  await terminal.stopped;
  await emulator.close();
};

const parse = (args: string[]): EmulatorArguments => {
  const { values } = read(args);
  const { pin, seed } = values;
  const port = wholeNumber('--port', values.port ?? DEFAULT_PORT, 65_535);
  if (pin !== undefined && !/^\d{4,8}$/.test(pin)) throw new UsageError('--pin: 4 to 8 digits');
  const options: DarajaEmulatorOptions = {};
  if (pin !== undefined) options.pin = pin;
  if (seed !== undefined) options.seed = wholeNumber('--seed', seed, Number.MAX_SAFE_INTEGER);
  return { port, json: values.json ?? false, options };
};

const read = (args: string[]) => {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        pin: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const wholeNumber = (name: string, value: string, max: number): number => {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > max) {
    throw new UsageError(`${name}: a whole number from 0 to ${max}`);
  }
  return number;
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
