import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { STK_EVENTS } from '../../lib/attempts/events/stk-events.js';
import { run } from '../../lib/cli/run.js';
import { USAGE } from '../../lib/cli/usage.js';
import * as library from '../../lib/index.js';
import { MPESA_VARIABLES } from '../../lib/mpesa-variables.js';
import { DEFAULT_EXTRAS } from '../../lib/mpesa-extras.js';
import { httpAnswerOf } from '../../lib/mpesa-http-answer.js';
import {
  DEFAULT_EVENTS,
  DEFAULT_HTTP,
  DEFAULT_LIMITS,
  DEFAULT_RECONCILIATION,
} from '../../lib/mpesa-options.defaults.js';
import { DarajaEmulator, EMULATOR_SCENARIOS } from '../../lib/testing.js';
import { anchorsOf, codeBlocksOf, namesIn, tableOf } from '../support/markdown.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { TypeScriptProgram } from '../support/typescript-program.js';
import { until } from '../support/until.js';

const readme = readFileSync('README.md', 'utf8');
const blocks = codeBlocksOf(readme);
const shell = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code);
const typescript = blocks.filter(({ language }) => language === 'ts');

// Nowhere on disk: where the README's application would be in this checkout.
const source = (file: string | null) => `readme/${file ?? 'unnamed.ts'}`;
const program = new TypeScriptProgram(
  new Map(typescript.map(({ file, code }) => [source(file), code])),
  ['lib/index.ts', 'lib/testing.ts'],
);

// Under node_modules, as packages are found from there and nothing else looks there.
const compiled = resolve(`node_modules/.cache/nestjs-mpesa-readme-${process.pid}`);
await mkdir(compiled, { recursive: true });
for (const [path, text] of program.emit()) {
  await writeFile(join(compiled, path.replace(/^readme\/(.*)\.ts$/, '$1.mjs')), text);
}
const load = (name: string) => import(join(compiled, `${name}.mjs`)) as Promise<unknown>;

describe('the code of the README', () => {
  it('has a name for each block, and for no two the same', () => {
    const names = typescript.map(({ file }) => file);
    expect(names.length).toBeGreaterThan(8);
    expect(names).not.toContain(null);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(typescript)('compiles: $file, line $line', ({ file }) => {
    expect(program.problemsOf(source(file))).toEqual([]);
  });

  afterAll(() => rm(compiled, { recursive: true }));

  describe('as an application', () => {
    const environment = { ...process.env };
    let daraja: DarajaEmulator;
    let app: { close(): Promise<void> } | undefined;

    beforeEach(() => {
      daraja = new DarajaEmulator({ seed: 1 });
    });

    afterEach(async () => {
      process.env = environment;
      await app?.close();
      await daraja.close();
    });

    it('is paid, answers and logs as the README shows', async () => {
      const port = await freePort();
      const [ini] = blocks.filter(({ language }) => language === 'ini');
      Object.assign(process.env, Object.fromEntries(variablesOf(ini!.code)), {
        MPESA_BASE_URL: await daraja.listen(),
        MPESA_CALLBACK_URL: `http://127.0.0.1:${port}/stk/callback`,
      });
      const { AppModule } = (await load('app.module')) as { AppModule: Type };
      const logger = new RecordingLogger();
      const nest = await NestFactory.create(AppModule, { logger });
      app = nest;
      await nest.listen(port, '127.0.0.1');
      const curl = shell.find((code) => code.includes('orders/A-100/payments'))!;

      const answer = await post(port, curl);
      const [shown] = blocks.filter(({ language }) => language === 'json');
      expect(answer.status).toBe(201);
      expect(masked(answer.body)).toBe(masked(JSON.stringify(JSON.parse(shown!.code))));

      const [checkoutRequestId] = daraja.prompts.keys();
      daraja.approve(checkoutRequestId!);
      await until(() => logger.lines.some((line) => line.includes('is paid')));
      const [log] = blocks.filter(({ language }) => language === 'text');
      const lines = log!.code.trim().split('\n');
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        const [, context, message] = /^LOG \[(\w+)\] (.+)$/.exec(line)!;
        expect(logger.lines.map(masked)).toContain(masked(`log ${message} ${context}`));
      }

      const again = await post(port, curl);
      expect(again.status).toBe(409);
      expect(JSON.parse(again.body)).toMatchObject({ code: 'STK_ORDER_PAID' });

      const outside = await post(port, shell.find((code) => code.includes('/stk/callback/test'))!);
      expect(outside).toEqual({ status: 200, body: '{"ResultCode":0,"ResultDesc":"Accepted"}' });
      expect(readme).toContain(`\`200 ${outside.body}\``);
      expect(logger.lines.some((line) => line.startsWith('warn Callback quarantined'))).toBe(true);
    });
  });
});

// The tests of the README's own spec become tests of this file.
await load('fulfilment.spec');

describe('the tables of the README', () => {
  const column = (table: string, name = table) => tableOf(readme, table).map((row) => row[name]!);
  const names = (table: string, name = table) => column(table, name).flatMap(namesIn);

  it('name each option, and no other, with its default', () => {
    const sections = {
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
    const expected = errors().map((error) =>
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

  it('runs only scripts that there are', () => {
    const scripts = shell.flatMap((code) => [...code.matchAll(/npm run ([\w:]+)/g)]);
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, script] of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
  });

  it('gives the emulator only flags that it knows, and the environment that it prints', async () => {
    const flags = shell.flatMap((code) => code.match(/(?<=nestjs-mpesa emulator.*)--\w+/g) ?? []);
    expect(flags.length).toBeGreaterThan(0);
    for (const flag of flags) expect(USAGE).toContain(flag);

    const printed: string[] = [];
    const write = (text: string) => printed.push(text);
    const stopped = Promise.resolve();
    await run(['emulator', '--port', '0', '--json'], { write, writeError: write, stopped });
    const { baseUrl, environment } = JSON.parse(printed.join('')) as {
      baseUrl: string;
      environment: Record<string, string>;
    };
    const [ini] = blocks.filter(({ language }) => language === 'ini');
    const shown = Object.fromEntries(variablesOf(ini!.code));
    expect(shown).toEqual({ ...environment, MPESA_BASE_URL: 'http://127.0.0.1:4010' });
    expect(environment.MPESA_BASE_URL).toBe(baseUrl);
    expect(USAGE).toContain('4010');
  });

  it('leads nowhere that does not exist', () => {
    const text = blocks.reduce((rest, { code }) => rest.replace(code, ''), readme);
    const links = [...text.matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g)].map(([, to, src]) => to ?? src!);
    expect(links.length).toBeGreaterThan(20);
    const anchors = anchorsOf(text);
    const dead = links.filter((link) =>
      link.startsWith('#') ? !anchors.includes(link.slice(1)) : !existsSync(link),
    );
    expect(dead).toEqual([]);
  });
});

interface Manifest {
  engines: { node: string };
  scripts: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, unknown>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
