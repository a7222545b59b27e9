import { HealthIndicatorService } from '@nestjs/terminus';
import { Test, type TestingModule } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MpesaModule } from '../../lib/index.js';
import { MpesaHealthIndicator } from '../../lib/terminus.js';
import { EMULATOR_ACCOUNT } from '../../lib/testing.js';
import { mpesaEntities, mpesaMigrations, typeOrmPersistence } from '../../lib/typeorm.js';
import { TcpProxy } from './support/tcp-proxy.js';
import { MigratedDatabase, SERVERS } from './support/test-databases.js';

/** Twice what is documented, for a machine that is busy. */
const IN_TIME_MS = 4_000;

for (const database of SERVERS) {
  database.describe(`MpesaHealthIndicator on ${database.name}`, () => {
    let migrated: MigratedDatabase;
    let proxy: TcpProxy;
    let app: TestingModule;
    let mpesa: MpesaHealthIndicator;

    beforeAll(async () => {
      migrated = await MigratedDatabase.create(database);
      proxy = await TcpProxy.inFrontOf(migrated.url);
      const url = new URL(migrated.url);
      url.port = String(proxy.port);
      url.hostname = '127.0.0.1';
      app = await Test.createTestingModule({
        imports: [
          TypeOrmModule.forRoot({
            type: database.type as 'postgres',
            url: url.href,
            entities: mpesaEntities({ type: database.type }),
            migrations: mpesaMigrations(),
          }),
          MpesaModule.forRoot({
            isGlobal: true,
            environment: 'sandbox',
            ...EMULATOR_ACCOUNT,
            callbackUrl: 'https://shop.example/stk/callback',
            persistence: typeOrmPersistence(),
            background: false,
          }),
        ],
        providers: [MpesaHealthIndicator, HealthIndicatorService],
      }).compile();
      app.useLogger(false);
      await app.init();
      mpesa = app.get(MpesaHealthIndicator);
    });

    afterAll(async () => {
      proxy.resume();
      await app.close();
      await proxy.close();
      await migrated.drop();
    });

    it('is down in time while the database hangs or refuses, and up when it is back', async () => {
      const looks = async () => {
        const started = performance.now();
        const [ready, healthy] = [await mpesa.isReady('mpesa'), await mpesa.isHealthy('mpesa')];
        expect(performance.now() - started).toBeLessThan(2 * IN_TIME_MS);
        return [ready.mpesa, healthy.mpesa];
      };
      const up = [{ status: 'up' }, expect.objectContaining({ status: 'up', outboxMs: 0 })];
      const down = { status: 'down', problems: ['the store does not answer'] };
      expect(await looks()).toEqual(up);
      proxy.hang();
      expect(await looks()).toEqual([down, expect.objectContaining(down)]);
      proxy.resume();
      expect(await looks()).toEqual(up);
      const comeBack = await proxy.stop();
      expect(await looks()).toEqual([down, expect.objectContaining(down)]);
      await comeBack();
      expect(await looks()).toEqual(up);
    }, 60_000);
  });
}
