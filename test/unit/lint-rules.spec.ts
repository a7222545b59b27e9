import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { filesUnder } from '../support/sources.js';

interface Snippet {
  /** An existing file: only those belong to the TypeScript project. */
  file: string;
  text: string;
  rules: string[];
}

const arrows = ['local/arrows'];

function imports(file: string, specifier: string, rules: string[], keyword = 'import'): Snippet {
  return { file, text: `${keyword} * as it from '${specifier}';\nexport { it };\n`, rules };
}

/** Some file of `lib/<folder>`. */
function fileIn(folder: string): string {
  return filesUnder(`lib/${folder}`, '.ts').find((file) => dirname(file) === `lib/${folder}`)!;
}

const attempts = fileIn('attempts');
const daraja = fileIn('daraja');
const callback = fileIn('callback');
const stk = fileIn('stk');

const snippets: Snippet[] = [
  imports(attempts, '../daraja/daraja-client.js', arrows),
  imports(attempts, '../daraja/daraja-account.js', [], 'import type'),
  imports(attempts, '../stk/stk.service.js', arrows),
  imports(attempts, '../events/events.js', arrows, 'import type'),
  imports(attempts, './events/stk-event.js', []),
  imports(fileIn('attempts/events'), '../../events/events.js', arrows),
  imports(daraja, '../attempts/decide/decide.js', arrows),
  imports(daraja, '../attempts/clock.js', []),
  imports(callback, '../daraja/daraja-client.js', arrows),
  imports(callback, '../attempts/clock.js', []),
  imports(fileIn('events'), '../daraja/daraja-client.js', arrows),
  imports(stk, '../daraja/daraja-client.js', []),
  imports(stk, '../testing/emulator/emulator.js', arrows),
  imports(stk, '../testing.js', arrows),
  imports(stk, 'typeorm', arrows, 'import type'),
  imports(stk, 'rxjs', []),
  imports('lib/index.ts', './typeorm.js', arrows),
  { file: attempts, text: `export const it = import('typeorm');\n`, rules: arrows },
  { file: attempts, text: `export * from '@nestjs/cqrs';\n`, rules: arrows },
  imports('lib/testing.ts', './attempts/clock.js', []),
  {
    file: attempts,
    text: `export function it(): void {\n  Promise.resolve();\n}\n`,
    rules: ['@typescript-eslint/no-floating-promises'],
  },
  {
    file: attempts,
    text: `export const it = (value: any): unknown => value;\n`,
    rules: ['@typescript-eslint/no-explicit-any'],
  },
  { file: attempts, text: 'export {};\n'.padEnd(11 + 300, '\n'), rules: ['max-lines'] },
];

const reported = JSON.parse(
  execFileSync(process.execPath, ['test/support/lint-snippets.mjs'], {
    input: JSON.stringify(snippets),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  }),
) as string[][];

describe('the lint rules', () => {
  it.each(snippets.map((snippet, index) => ({ ...snippet, spoke: reported[index] })))(
    '$file: $text -> $rules',
    ({ rules, spoke }) => {
      expect(spoke).toEqual(rules);
    },
  );
});
