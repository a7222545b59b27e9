import { existsSync, readFileSync } from 'node:fs';
import { STK_EVENTS } from '../../lib/attempts/events/stk-events.js';
import * as library from '../../lib/index.js';
import { DEFAULT_EXTRAS } from '../../lib/mpesa-extras.js';
import { httpAnswerOf } from '../../lib/mpesa-http-answer.js';
import {
  DEFAULT_EVENTS,
  DEFAULT_HTTP,
  DEFAULT_LIMITS,
  DEFAULT_RECONCILIATION,
} from '../../lib/mpesa-options.defaults.js';
import { MPESA_VARIABLES } from '../../lib/mpesa-variables.js';
import { EMULATOR_SCENARIOS } from '../../lib/testing.js';
import { everyError } from '../support/every-error.js';
import { anchorsOf, codeBlocksOf, namesIn, tableOf } from '../support/markdown.js';
import { TypeScriptProgram } from '../support/typescript-program.js';

interface Manifest {
  engines: { node: string };
  scripts: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, unknown>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const readme = readFileSync('README.md', 'utf8');
const blocks = codeBlocksOf(readme);
const program = new TypeScriptProgram(new Map(), ['lib/index.ts']);
const quoted = (name: string): string => `\`${name}\``;

describe('the tables of the README', () => {
  const column = (table: string, name = table) => tableOf(readme, table).map((row) => row[name]!);
  const names = (table: string, name = table) => column(table, name).flatMap(namesIn);

  it('name each option, and no other, with its default', () => {
    const sections = {
      callback: { ipPolicy: "'warn'", allowedIps: 'SAFARICOM_CALLBACK_IPS' },
      reconciliation: DEFAULT_RECONCILIATION,
      http: DEFAULT_HTTP,
      limits: DEFAULT_LIMITS,
      events: DEFAULT_EVENTS,
    };
    const inner = Object.entries(sections).flatMap(([section, defaults]) =>
      Object.entries(defaults).map(([option, value]) => [`${section}.${option}`, String(value)]),
    );
    const options = program.namesOf('lib/mpesa.options.ts', 'MpesaModuleOptions');
    expect(names('option').sort()).toEqual([...options, ...inner.map(([path]) => path)].sort());
    const shown = tableOf(readme, 'option').map((row) => [
      namesIn(row.option!)[0],
      namesIn(row.default!)[0],
    ]);
    expect(shown).toEqual(expect.arrayContaining(inner));
  });

  it('name each extra, and no other, with its default', () => {
    const expected = Object.entries(DEFAULT_EXTRAS).map(([extra, value]) => [
      extra,
      value === undefined ? 'in memory' : JSON.stringify(value).replaceAll('"', "'"),
    ]);
    const shown = tableOf(readme, 'extra').map((row) => [
      namesIn(row.extra!)[0],
      row.default!.replaceAll('`', ''),
    ]);
    expect(shown).toEqual(expected);
  });

  it('name each environment variable with its option', () => {
    const shown = tableOf(readme, 'variable').map((row) => [row.option, row.variable]);
    expect(shown).toEqual(Object.entries(MPESA_VARIABLES).map((pair) => pair.map(quoted)));
  });

  it.each([
    ['method', 'lib/stk/stk.service.ts', 'StkService'],
    ['call', 'lib/admin/stk-admin.service.ts', 'StkAdminService'],
    ['field', 'lib/stk/stk-push-input.ts', 'StkPushInput'],
    ['status', 'lib/attempts/attempt-status.ts', 'StkAttemptStatus'],
    ['flag', 'lib/attempts/review-flag.ts', 'StkReviewFlag'],
  ])('name each %s, and no other', (table, path, type) => {
    const shown = column(table).map((cell) => namesIn(cell)[0]);
    expect([...shown].sort()).toEqual(program.namesOf(path, type).sort());
  });

  it('name each event with its type and what it alone carries', () => {
    const common = program.namesOf('lib/attempts/events/stk-event.ts', 'StkEventData');
    const shown = tableOf(readme, 'event').map((row) => [row.event, row.type, row.carries]);
    const expected = STK_EVENTS.map(({ name, type }) => {
      const file = `lib/attempts/events/${type.replace('.', '-')}.event.ts`;
      const own = program.namesOf(file, `${name}Data`).filter((field) => !common.includes(field));
      return [quoted(name), quoted(type), own.map(quoted).sort().join(', ')];
    });
    const sorted = shown.map(([name, type, carries]) => [
      name,
      type,
      namesIn(carries!).map(quoted).sort().join(', '),
    ]);
    expect(sorted.sort()).toEqual(expected.sort());
  });

  it('name each error with its code, its HTTP status and whether it is retryable', () => {
    const shown = tableOf(readme, 'error').map((row) =>
      [row.error, row.code, row.HTTP, row.retryable].join(' '),
    );
    const expected = everyError().map((error) =>
      [
        quoted(error.constructor.name),
        quoted(error.code),
        httpAnswerOf(error).status,
        error.retryable ? 'yes' : 'no',
      ].join(' '),
    );
    expect(shown.sort()).toEqual(expected.sort());
    const classes = Object.entries<unknown>({ ...library })
      .filter(([, one]) => typeof one === 'function' && one.prototype instanceof library.MpesaError)
      .map(([name]) => quoted(name));
    expect(column('error').sort()).toEqual(classes.sort());
  });

  it('name each version that package.json asks for', () => {
    const shown = tableOf(readme, 'package').map((row) => [
      row.package!.replaceAll('`', ''),
      row.versions!,
    ]);
    const optional = Object.keys(manifest.peerDependenciesMeta);
    const peers = Object.entries(manifest.peerDependencies).map(([name, range]) => [
      name,
      `${quoted(range)}${optional.includes(name) ? ', optional' : ''}`,
    ]);
    expect(shown.sort()).toEqual([['Node.js', quoted(manifest.engines.node)], ...peers].sort());
  });
});

describe('what else the README says', () => {
  it('names each scenario of the emulator, and no other', () => {
    const list = /about:\n\n((?:- .*\n(?: {2}.*\n)*)+)/.exec(readme)?.[1] ?? '';
    expect(namesIn(list).sort()).toEqual(Object.keys(EMULATOR_SCENARIOS).sort());
  });

  it('leads nowhere that does not exist', () => {
    const text = blocks.reduce((rest, { code }) => rest.replace(code, ''), readme);
    const links = [...text.matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g)].map(
      ([, to, src]) => to ?? src!,
    );
    expect(links.length).toBeGreaterThan(20);
    const dead = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      if (file !== '' && !existsSync(file)) return true;
      if (anchor === undefined) return false;
      return !anchorsOf(file === '' ? text : readFileSync(file, 'utf8')).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});
