import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { commandLine } from '../support/command-line.js';
import { CompiledBlocks } from '../support/compiled-blocks.js';
import { emulatedApplication } from '../support/emulated-application.js';
import { freePort } from '../support/free-port.js';
import { curl, variablesOf } from '../support/shell-blocks.js';
import { until } from '../support/until.js';

const blocks = new CompiledBlocks('docs/first-payment.md');
const codeOf = (language: string) => blocks.of(language).map(({ code }) => code);
const [ini] = codeOf('ini');
const [pay, look] = codeOf('sh').filter((code) => code.includes('curl'));

// The test of the page becomes one of this file.
await blocks.load('payments.spec');

describe('the application of the first payment', () => {
  const stage = emulatedApplication();

  afterAll(() => blocks.remove());

  it('has the environment that the emulator prints', async () => {
    const args = ['emulator', '--port', '0', '--json'];
    const { out } = await commandLine(args, { signal: AbortSignal.abort() });
    const printed = (JSON.parse(out) as { environment: Record<string, string> }).environment;
    const shown = variablesOf(ini!);
    expect(shown).toEqual({ ...printed, MPESA_BASE_URL: shown.MPESA_BASE_URL });
  });

  it('is paid as the page says', async () => {
    const { daraja } = stage;
    const port = await freePort();
    Object.assign(process.env, variablesOf(ini!), {
      MPESA_BASE_URL: await daraja.listen(),
      MPESA_CALLBACK_URL: `http://127.0.0.1:${port}/stk/callback`,
    });
    const { AppModule } = await blocks.load<{ AppModule: Type }>('app.module');
    const nest = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
    stage.app = nest;
    await nest.listen(port, '127.0.0.1');

    const asked = await curl(port, pay!);
    expect([asked.status, JSON.parse(asked.body)]).toEqual([
      201,
      { attemptId: expect.any(String) as string, status: 'pending' },
    ]);
    expect((await curl(port, pay!)).body).toContain('STK_ORDER_BUSY');
    expect((await curl(port, look!)).body).toContain('"paid":false');

    const [checkoutRequestId] = daraja.prompts.keys();
    daraja.approve(checkoutRequestId!);
    await until(async () => (await curl(port, look!)).body.includes('"paid":true'));
    const { receipt } = JSON.parse((await curl(port, look!)).body) as { receipt: string };
    expect(receipt).toBe(daraja.prompts.get(checkoutRequestId!)?.receipt);

    const again = await curl(port, pay!);
    expect([again.status, again.body]).toEqual([409, expect.stringContaining('STK_ORDER_PAID')]);
    expect(daraja.prompts.size).toBe(1);
  });
});
