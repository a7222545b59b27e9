import type { Type } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { jest } from '@jest/globals';
import { StkService, type StkAttempt } from '../../../lib/index.js';
import { MpesaTestingModule } from '../../../lib/testing.js';
import { CompiledBlocks } from '../../support/compiled-blocks.js';
import { aPush } from '../../support/testing-app.js';

// Processes and applications are started: a busy machine takes its time.
jest.setTimeout(30_000);

const README = new CompiledBlocks('README.md');
const CONCEPTS = new CompiledBlocks('docs/concepts.md');
const FROM_AXIOS = new CompiledBlocks('docs/from-axios.md');
const FROM_MPESA_STK = new CompiledBlocks('docs/from-mpesa-stk.md');
const FROM_PESAKIT = new CompiledBlocks('docs/from-pesakit.md');
const RECIPES = new CompiledBlocks('docs/recipes.md');
const TESTING = new CompiledBlocks('docs/testing.md');
const ALL = [README, CONCEPTS, FROM_AXIOS, FROM_MPESA_STK, FROM_PESAKIT, RECIPES, TESTING];

// The page's own tests become tests of this file.
await TESTING.load('orders.spec');

describe('the handlers of the documents', () => {
  let close: () => Promise<void>;
  let printed: unknown[][];

  beforeEach(() => {
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((...line: unknown[]) => {
      printed.push(line);
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await close();
  });

  afterAll(() => Promise.all(ALL.map((blocks) => blocks.remove())));

  async function start(providers: Type[], imports: Parameters<typeof withMpesa>[0] = []) {
    const app = await Test.createTestingModule({
      imports: withMpesa(imports),
      providers,
    }).compile();
    app.useLogger(false);
    await app.init();
    close = () => app.close();
    return { app, mpesa: app.get(MpesaTestingModule), stk: app.get(StkService, { strict: false }) };
  }

  it('ship what is paid (concepts)', async () => {
    const { Shipping } = await CONCEPTS.load<{ Shipping: Type<{ shipped: Set<string> }> }>(
      'shipping',
    );
    const { app, mpesa, stk } = await start([Shipping]);
    await mpesa.approve(await stk.push(aPush({ orderId: 'A-100' })));
    await mpesa.settleAll();
    expect(app.get(Shipping).shipped).toEqual(new Set(['A-100']));
  });

  it('take the place of code over axios', async () => {
    type Pay = (order: { id: string; amount: number }, phone: string) => Promise<StkAttempt>;
    const { Checkout } = await FROM_AXIOS.load<{ Checkout: Type<{ pay: Pay }> }>('checkout');
    const { app, mpesa } = await start([Checkout]);
    const checkout = app.get(Checkout);
    const paid = await checkout.pay({ id: 'A-100', amount: 100 }, '0712345678');
    await mpesa.approve(paid);
    await mpesa.cancel(await checkout.pay({ id: 'A-101', amount: 50 }, '0712345679'));
    await mpesa.settleAll();
    const { receipt } = mpesa.emulator.prompts.get(paid.checkoutRequestId!)!;
    expect(printed).toEqual([
      ['A-100', receipt],
      ['A-101', expect.stringContaining('cancelled')],
    ]);
  });

  it('take the place of mpesa-stk, whatever the end', async () => {
    const { Settled } = await FROM_MPESA_STK.load<{ Settled: Type }>('settled');
    const { mpesa, stk } = await start([Settled]);
    await mpesa.approve(await stk.push(aPush({ orderId: 'A-100' })));
    await mpesa.cancel(await stk.push(aPush({ orderId: 'A-101', phoneNumber: '0712345679' })));
    mpesa.emulator.next('html-503');
    await stk.push(aPush({ orderId: 'A-102', phoneNumber: '0712345670' }));
    await mpesa.clock.advance(900_000);
    await mpesa.settleAll();
    expect(printed).toEqual([
      ['A-100', 'stk.completed'],
      ['A-101', 'stk.failed'],
      ['A-102', 'stk.expired'],
    ]);
  });

  it('take the place of PesaKit', async () => {
    type Pay = (invoice: { id: string; amount: number }) => Promise<StkAttempt>;
    const { InvoicePayments } = await FROM_PESAKIT.load<{ InvoicePayments: Type<{ pay: Pay }> }>(
      'invoice-payments',
    );
    const { app } = await start([InvoicePayments]);
    const attempt = await app.get(InvoicePayments).pay({ id: 'INV-7', amount: 20 });
    expect(attempt).toMatchObject({ status: 'pending', orderId: 'INV-7', amount: 20 });
  });

  it('send commands to the bus of CQRS (recipes)', async () => {
    const { ShipOrderHandler, ShipPaidOrders } = await RECIPES.load<{
      ShipOrderHandler: Type;
      ShipPaidOrders: Type;
    }>('ship-paid-orders');
    const { app, mpesa, stk } = await start(
      [ShipOrderHandler, ShipPaidOrders],
      [CqrsModule.forRoot()],
    );
    const execute = jest.spyOn(app.get(CommandBus), 'execute');
    await mpesa.approve(await stk.push(aPush({ orderId: 'A-100' })));
    await mpesa.settleAll();
    expect(execute.mock.calls).toEqual([[{ orderId: 'A-100' }]]);
    await expect(execute.mock.results[0]!.value).resolves.toBeUndefined();
  });

  it('count failures by the event emitter (README)', async () => {
    const { PaymentMetrics } = await README.load<{
      PaymentMetrics: Type<{ failures: Map<string, number> }>;
    }>('payment-metrics');
    const { app, mpesa, stk } = await start([PaymentMetrics], [EventEmitterModule.forRoot()]);
    await mpesa.cancel(await stk.push(aPush()));
    await mpesa.settleAll();
    expect(app.get(PaymentMetrics).failures).toEqual(new Map([['cancelled', 1]]));
  });

  it('delete what is older than a year (README)', async () => {
    const { DataRetention } = await README.load<{
      DataRetention: Type<{ purge(): Promise<{ attempts: number }> }>;
    }>('data-retention');
    const { app, mpesa, stk } = await start([DataRetention]);
    await mpesa.approve(await stk.push(aPush()));
    await mpesa.settleAll();
    const day = 24 * 3_600_000;
    const now = jest.spyOn(Date, 'now').mockReturnValue(mpesa.clock.now() + 364 * day);
    expect(await app.get(DataRetention).purge()).toMatchObject({ attempts: 0 });
    now.mockReturnValue(mpesa.clock.now() + 366 * day);
    expect(await app.get(DataRetention).purge()).toMatchObject({ attempts: 1 });
  });
});

const withMpesa = (imports: unknown[]) => [...(imports as []), MpesaTestingModule.forRoot()];
