import { readFileSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MPESA_OPTIONS, StkService, type ResolvedMpesaOptions } from '../../lib/index.js';
import { commandLine } from '../support/command-line.js';
import { CompiledBlocks } from '../support/compiled-blocks.js';
import { emulatedApplication } from '../support/emulated-application.js';
import { emulatedEnvironment } from '../support/emulated-environment.js';
import { freePort } from '../support/free-port.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { curl, variablesOf } from '../support/shell-blocks.js';
import { until } from '../support/until.js';

const readme = readFileSync('README.md', 'utf8');
const blocks = new CompiledBlocks('README.md');
const shell = blocks.of('sh').map(({ code }) => code);
const typescript = blocks.of('ts');

describe('the code of the README', () => {
  it('has a name for each block, and for no two the same', () => {
    const names = typescript.map(({ file }) => file);
    expect(names.length).toBeGreaterThan(8);
    expect(names).not.toContain(null);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(typescript)('compiles: $file, line $line', ({ file }) => {
    expect(blocks.problemsOf(file)).toEqual([]);
  });

  afterAll(() => blocks.remove());

  describe('as an application', () => {
    const stage = emulatedApplication();

    it.each([
      ['webhooks.controller', 'WebhooksModule'],
      ['tenants.module', 'TenantPaymentsModule'],
    ])('starts and pushes with the block %s', async (block, name) => {
      const { daraja } = stage;
      Object.assign(process.env, await emulatedEnvironment(daraja));
      const nest = await start(block, name);
      const attempt = await nest.get(StkService, { strict: false }).push({
        phoneNumber: '0712345678',
        amount: 1,
        accountReference: 'A-100',
        transactionDesc: 'Order',
      });
      expect(attempt.status).toBe('pending');
      expect(daraja.prompts.size).toBe(1);
    });

    it('starts with the block of a till, which Buy Goods are then of', async () => {
      const nest = await start('till.module', 'TillModule');
      const { account } = nest.get<ResolvedMpesaOptions>(MPESA_OPTIONS, { strict: false });
      expect(account).toMatchObject({
        shortCode: '600111',
        partyB: '5123456',
        transactionType: 'CustomerBuyGoodsOnline',
      });
    });

    async function start(block: string, name: string) {
      const module = (await blocks.load<Record<string, Type>>(block))[name]!;
      const nest = await NestFactory.create(module, { logger: false, abortOnError: false });
      stage.app = nest;
      return nest.init();
    }

    it('is paid, answers and logs as the README shows', async () => {
      const { daraja } = stage;
      const port = await freePort();
      Object.assign(process.env, await emulatedEnvironment(daraja, port));
      const { AppModule } = await blocks.load<{ AppModule: Type }>('app.module');
      const logger = new RecordingLogger();
      const nest = await NestFactory.create(AppModule, { logger });
      stage.app = nest;
      await nest.listen(port, '127.0.0.1');
      const payment = shell.find((code) => code.includes('orders/A-100/payments'))!;

      const answer = await curl(port, payment);
      const [shown] = blocks.of('json');
      expect(answer.status).toBe(201);
      expect(masked(answer.body)).toBe(masked(JSON.stringify(JSON.parse(shown!.code))));

      const [checkoutRequestId] = daraja.prompts.keys();
      daraja.approve(checkoutRequestId!);
      await until(() => logger.lines.some((line) => line.includes('is paid')));
      const [log] = blocks.of('text');
      const lines = log!.code.trim().split('\n');
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        const [, context, message] = /^LOG \[(\w+)\] (.+)$/.exec(line)!;
        expect(logger.lines.map(masked)).toContain(masked(`log ${message} ${context}`));
      }

      const again = await curl(port, payment);
      expect(again.status).toBe(409);
      expect(JSON.parse(again.body)).toMatchObject({ code: 'STK_ORDER_PAID' });

      const outside = await curl(
        port,
        shell.find((code) => code.includes('/stk/callback/test'))!,
      );
      expect(outside).toEqual({ status: 200, body: '{"ResultCode":0,"ResultDesc":"Accepted"}' });
      expect(readme).toContain(`\`200 ${outside.body}\``);
      expect(logger.lines.some((line) => line.startsWith('warn Callback quarantined'))).toBe(true);
    });
  });
});

// The tests of the README's own spec become tests of this file.
await blocks.load('fulfilment.spec');

describe('the commands of the README', () => {
  it('runs only scripts that there are', () => {
    const { scripts: scriptsOfPackage } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const scripts = shell.flatMap((code) => [...code.matchAll(/npm run ([\w:]+)/g)]);
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, script] of scripts) expect(Object.keys(scriptsOfPackage)).toContain(script);
  });

  it('calls only commands that there are, with flags that they know', async () => {
    const lines = shell.flatMap((code) => [...code.matchAll(/npx nestjs-mpesa (\w+)(.*)$/gm)]);
    expect(new Set(lines.map(([, command]) => command)).size).toBeGreaterThan(1);
    for (const [line, command, rest] of lines) {
      const { code, out } = await commandLine([command!, '--help']);
      expect([line, code]).toEqual([line, 0]);
      for (const [flag] of rest!.matchAll(/--[\w-]+/g)) expect(out).toContain(flag);
    }
  });

  it('shows the environment that the emulator prints', async () => {
    const args = ['emulator', '--port', '0', '--json'];
    const { out } = await commandLine(args, { signal: AbortSignal.abort() });
    const { baseUrl, environment } = JSON.parse(out) as {
      baseUrl: string;
      environment: Record<string, string>;
    };
    const [ini] = blocks.of('ini');
    const shown = variablesOf(ini!.code);
    expect(shown).toEqual({ ...environment, MPESA_BASE_URL: 'http://127.0.0.1:4010' });
    expect(environment.MPESA_BASE_URL).toBe(baseUrl);
    expect((await commandLine(['emulator', '--help'])).out).toContain('4010');
  });
});

/** Ids and receipts are others each time. */
const masked = (text: string): string =>
  text
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<id>')
    .replace(/\bU[A-Z\d]{9}\b/, '<receipt>');
