import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { CommandHost } from './command-host.js';
import { explain } from './decode/explain.js';
import { EXIT } from './exit-code.js';
import { helpEnd } from './help-text.js';
import { print } from './print.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

interface DecodeArguments {
  file?: string;
  json?: boolean;
}

/** `decode`: says what Daraja meant. Asks nobody, needs no credentials. */
export const addDecode = (program: Command, { terminal, end }: CommandHost): void => {
  program
    .command('decode')
    .description('explain a result code, an error of Daraja, a callback or the answer to a query')
    .argument('[text]', 'a code or a body; left out: standard input')
    .option('--file <path>', 'a file with the body')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      helpEnd(['decode 1032', 'decode --file callback.json', 'decode --json < callback.json'], {
        0: 'explained',
        1: 'the file cannot be read',
        3: 'not in the catalogue, or none of these',
      }),
    )
    .action(async (given: string | undefined, { file, json }: DecodeArguments) => {
      const explanation = explain(await textOf(given, file, terminal));
      print(terminal, explanation, { json });
      end(explanation.known ? EXIT.ok : EXIT.unknown);
    });
};

async function textOf(
  given: string | undefined,
  file: string | undefined,
  terminal: Terminal,
): Promise<string> {
  if (given !== undefined && file !== undefined)
    throw new UsageError('A text or a file, not both.');
  if (file !== undefined) return readFile(file, 'utf8');
  if (given !== undefined && given !== '-') return given;
  if (terminal.isInteractive) throw new UsageError('Nothing to decode: see decode --help.');
  return terminal.readInput();
}
