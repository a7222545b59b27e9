import { readFileSync } from 'node:fs';
import type { DarajaEmulator } from '../../lib/testing.js';
import { codeBlocksOf } from './markdown.js';
import { variablesOf } from './shell-blocks.js';

/** The variables that the README has an application start with, over this emulator. */
export async function emulatedEnvironment(
  daraja: DarajaEmulator,
  port = 3000,
): Promise<Record<string, string>> {
  const readme = codeBlocksOf(readFileSync('README.md', 'utf8'));
  const { code } = readme.find(({ language }) => language === 'ini')!;
  return {
    ...variablesOf(code),
    MPESA_BASE_URL: await daraja.listen(),
    MPESA_CALLBACK_URL: `http://127.0.0.1:${port}/stk/callback`,
  };
}
