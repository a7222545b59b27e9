import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import {
  MpesaConfigError,
  MpesaModule,
  StkAdminService,
  StkCallbackService,
  StkErasureError,
  StkInvalidInputError,
  StkService,
  type MpesaPrivacyOptions,
  type StkAttempt,
} from '../../lib/index.js';
import { CallbackChute } from '../../lib/testing/callback-chute.js';
import { DarajaEmulator, EMULATOR_ACCOUNT } from '../../lib/testing.js';
import { typeOrmPersistence } from '../../lib/typeorm.js';
import { aPush } from '../support/testing-app.js';
import { DATABASES, MigratedDatabase } from './support/test-databases.js';

const PHONE = '254798765432';
const DIGITS = PHONE.slice(3);
const key = (): string => randomBytes(32).toString('base64');
const tomorrow = () => new Date(Date.now() + 24 * 3_600_000);

for (const database of DATABASES) {
  database.describe(`personal data on ${database.name}`, () => {
    let migrated: MigratedDatabase;
    let emulator: DarajaEmulator;
    const apps: INestApplicationContext[] = [];

    beforeAll(async () => {
      migrated = await MigratedDatabase.create(database);
    });
    beforeEach(() => migrated.empty());
    afterEach(async () => {
      for (const app of apps.splice(0)) await app.close();
      await emulator.close();
    });
    afterAll(() => migrated.drop());

    const start = async (privacy?: Partial<MpesaPrivacyOptions>) => {
      const module = await Test.createTestingModule({
        imports: [
          MpesaModule.forRoot({
            environment: 'sandbox',
            ...EMULATOR_ACCOUNT,
            baseUrl: emulator.baseUrl,
            callbackUrl: 'https://shop.example/stk/callback',
            privacy,
            persistence: typeOrmPersistence(),
            callbackController: false,
            background: false,
          }),
          {
            module: class SharedDataSource {},
            global: true,
            providers: [{ provide: getDataSourceToken() as string, useValue: migrated.first }],
            exports: [getDataSourceToken() as string],
          },
        ],
      }).compile();
      module.useLogger(false);
      await module.init();
      apps.push(module);
      const stk = module.get(StkService, { strict: false });
      const callbacks = module.get(StkCallbackService, { strict: false });
      const admin = module.get(StkAdminService, { strict: false });
      return {
        stk,
        admin,
        callbacks,
        push: (change = {}) => stk.push(aPush({ phoneNumber: PHONE, ...change })),
        /** The customer pays, and the callback is taken in. */
        pay: async (attempt: StkAttempt) => {
          emulator.approve(attempt.checkoutRequestId!);
          await emulator.idle();
          return (await stk.find(attempt.id))!;
        },
      };
    };

    /** Every value of every column of every table. */
    const dump = async (): Promise<string> => {
      const rows: unknown[] = [];
      for (const { tablePath } of migrated.first.entityMetadatas) {
        rows.push(await migrated.first.query(`SELECT * FROM ${tablePath}`));
      }
      return JSON.stringify(rows);
    };

    const paidAttempt = async (privacy?: Partial<MpesaPrivacyOptions>) => {
      const chute = new CallbackChute();
      emulator = new DarajaEmulator({ deliver: (delivery) => chute.deliver(delivery) });
      await emulator.listen();
      const app = await start(privacy);
      chute.leadTo(app.callbacks);
      const pushed = await app.push({ orderId: 'order', metadata: { customer: 'Wanjiku' } });
      return { ...app, attempt: await app.pay(pushed) };
    };

    it('is nowhere in clear with a key, and is found, shown and asked about all the same', async () => {
      const { stk, admin, callbacks, attempt } = await paidAttempt({ encryptionKey: key() });
      await callbacks.receive({ token: 'A'.repeat(43), body: { Body: PHONE } });
      expect(attempt).toMatchObject({ status: 'completed', phoneNumber: PHONE });
      expect(await dump()).not.toContain(DIGITS);
      expect((await stk.findByCheckoutRequestId(attempt.checkoutRequestId!))?.id).toBe(attempt.id);
      const { attempts } = await admin.exportPersonalData('0798 765 432');
      expect(attempts.map((each) => each.attempt.id)).toEqual([attempt.id]);
      expect(JSON.stringify(attempts)).toContain(PHONE);
      expect(attempts[0]!.callbacks[0]!.raw).toContain(DIGITS);
    });

    it('is in clear without a key, and found with one that comes later', async () => {
      const { attempt } = await paidAttempt();
      expect(await dump()).toContain(PHONE);
      const later = await start({ encryptionKey: key() });
      expect((await later.stk.find(attempt.id))?.phoneNumber).toBe(PHONE);
      expect((await later.admin.exportPersonalData(PHONE)).attempts).toHaveLength(1);
      expect(await later.stk.findByCheckoutRequestId(attempt.checkoutRequestId!)).not.toBeNull();
    });

    it('is read after the key was changed, and refused at the start where the old one is gone', async () => {
      const [old, fresh] = [key(), key()];
      const { attempt } = await paidAttempt({ encryptionKey: old });
      const rotated = await start({ encryptionKey: fresh, previousKeys: [old] });
      const found = await rotated.stk.findByCheckoutRequestId(attempt.checkoutRequestId!);
      expect(found?.phoneNumber).toBe(PHONE);
      expect((await rotated.admin.exportPersonalData(PHONE)).attempts).toHaveLength(1);
      const lost = await start({ encryptionKey: fresh }).catch((error: unknown) => error);
      expect(lost).toBeInstanceOf(MpesaConfigError);
      expect((lost as MpesaConfigError).message).toMatch(
        /privacy.encryptionKey: does not open the numbers that are stored/,
      );
    });

    it('goes with a purge, and accounts stay; what is live stays whole', async () => {
      const { stk, push, attempt } = await paidAttempt({ encryptionKey: key() });
      const live = await push();
      expect(await stk.purge({ olderThan: new Date(0) })).toEqual({ attempts: 0, bodies: 0 });
      expect(await stk.purge({ olderThan: tomorrow() })).toEqual({ attempts: 1, bodies: 0 });
      expect(await stk.purge({ olderThan: tomorrow() })).toEqual({ attempts: 0, bodies: 0 });
      const purged = await stk.findByReceipt(attempt.receipt!);
      expect(purged).toMatchObject({
        id: attempt.id,
        orderId: 'order',
        amount: 100,
        phoneNumber: '',
        metadata: null,
        paidAt: attempt.paidAt,
      });
      expect(purged!.checkoutRequestId).not.toContain(DIGITS);
      expect((await stk.find(live.id))?.phoneNumber).toBe(PHONE);
      expect(await stk.reconcile(attempt.id)).toMatchObject({ status: 'completed' });
      await expect(stk.push(aPush({ orderId: 'order' }))).rejects.toMatchObject({
        code: 'STK_ORDER_PAID',
      });
    });

    it('goes for one phone, live attempts named, and is noted by whom and why', async () => {
      const { stk, admin, push, pay, attempt } = await paidAttempt();
      const live = await push();
      const other = await push({ phoneNumber: '0711111111' });
      const note = { by: 'ada', reason: `Asked for by ${PHONE}` };
      const refusal = await admin.erasePersonalData(PHONE, note).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(StkErasureError);
      expect(refusal).toMatchObject({ attemptIds: [live.id], erased: 1, retryable: true });
      await pay(live);
      expect(await admin.erasePersonalData(PHONE, note)).toBe(1);
      expect(await dump()).not.toContain(DIGITS);
      expect((await stk.find(other.id))?.phoneNumber).toBe('254711111111');
      expect((await admin.history(attempt.id)).at(-1)).toMatchObject({
        kind: 'erased',
        detail: { by: 'ada', reason: 'Asked for by ***' },
      });
      expect(await admin.erasePersonalData(PHONE, note)).toBe(0);
      const wrong = admin.erasePersonalData('nobody', note);
      await expect(wrong).rejects.toBeInstanceOf(StkInvalidInputError);
      await expect(stk.purge({ olderThan: 5 as never })).rejects.toMatchObject({
        errors: [{ field: 'olderThan', message: 'must be a valid Date' }],
      });
    });
  });
}
