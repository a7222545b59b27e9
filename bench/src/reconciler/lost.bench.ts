import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { StkService } from 'nestjs-mpesa';
import { MpesaTestingModule } from 'nestjs-mpesa/testing';
import { type Figure, judged, reported } from '../support/report.js';

const PER_MINUTE = 100;
/** One in so many callbacks is lost. */
const LOST_EACH = 20;
const MINUTE_MS = 60_000;
/** For what the last pushes left, in minutes. */
const AFTERWARDS = 60;

interface Lost {
  id: string;
  pushedAt: number;
}

/** A shop at work by a fake clock, at the default budget of five queries a minute. */
export async function lostCallbacks(minutes: number): Promise<Figure[]> {
  @Module({ imports: [MpesaTestingModule.forRoot({ emulator: { seed: 42 } })] })
  class ShopModule {}
  const app = await NestFactory.createApplicationContext(ShopModule, { logger: ['error'] });
  const stk = app.get(StkService, { strict: false });
  const { emulator, clock } = app.get(MpesaTestingModule);
  const lost: Lost[] = [];
  try {
    for (let n = 0; n < minutes * PER_MINUTE; n += 1) {
      const isLost = n % LOST_EACH === LOST_EACH / 2;
      emulator.next({
        customer: { resultCode: 0, afterMs: [8_000, 40_000] },
        ...(isLost && { callbacks: [] }),
      });
      const { id } = await stk.push({
        phoneNumber: `2547${String(n).padStart(8, '0')}`,
        amount: 100,
        accountReference: 'BENCH',
        transactionDesc: 'bench',
        orderId: `order-${n}`,
      });
      if (isLost) lost.push({ id, pushedAt: clock.now() });
      await clock.advance(MINUTE_MS / PER_MINUTE);
      if (n % 500 === 499) process.stderr.write(`  ${n + 1} pushes\n`);
    }
    const during = queriesOf();
    await clock.advance(AFTERWARDS * MINUTE_MS);
    const found = (await Promise.all(lost.map(({ id }) => stk.find(id)))).map((attempt, i) => ({
      isPaid: attempt?.status === 'completed',
      isLate: attempt?.late === true,
      afterS: ((attempt?.settledAt?.getTime() ?? Infinity) - (lost[i]?.pushedAt ?? 0)) / 1_000,
    }));
    const paid = found.filter(({ isPaid }) => isPaid);
    const times = paid.map(({ afterS }) => afterS).sort((a, b) => a - b);
    const share = (part: number) =>
      times[Math.min(times.length - 1, Math.floor(part * times.length))];
    return [
      judged(
        {
          measured: `lost callbacks found, ${PER_MINUTE} pushes a minute for ${minutes} minutes, 5 % lost`,
          against: '',
          result: `${paid.length} of ${lost.length}`,
          toReach: 'all',
        },
        paid.length === lost.length,
      ),
      reported(
        'of these, before the attempt expired',
        '',
        `${paid.filter((p) => !p.isLate).length}`,
      ),
      reported(
        'from the push until it was found',
        '',
        `median ${share(0.5)?.toFixed(0)} s, 95 % ${share(0.95)?.toFixed(0)} s, longest ${times.at(-1)?.toFixed(0)} s`,
      ),
      reported('queries in those minutes', `at most ${minutes * 5}`, `${during}`),
    ];
  } finally {
    await app.close();
  }

  function queriesOf(): number {
    return emulator.received.filter(({ path }) => path.endsWith('/query')).length;
  }
}
