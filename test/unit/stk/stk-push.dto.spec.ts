import 'reflect-metadata';
import { Body, Controller, Post, ValidationPipe, type INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { IsOptional, IsString } from 'class-validator';
import { MpesaValidationPipe } from '../../../lib/stk/mpesa-validation.pipe.js';
import { StkPushDto } from '../../../lib/stk/stk-push.dto.js';

class CheckoutDto extends StkPushDto {
  @IsOptional()
  @IsString()
  coupon?: string;
}

@Controller()
class PaymentsController {
  @Post('pay')
  pay(@Body(MpesaValidationPipe) body: StkPushDto) {
    return { body, isDto: body instanceof StkPushDto };
  }

  @Post('checkout')
  checkout(@Body(MpesaValidationPipe) body: CheckoutDto) {
    return { body, isDto: body instanceof CheckoutDto };
  }

  @Post('plain')
  plain(@Body() body: StkPushDto) {
    return { body, isDto: body instanceof StkPushDto };
  }
}

const body = {
  phoneNumber: '+254 712-345 678',
  amount: 100,
  accountReference: 'INV-001',
  transactionDesc: 'Subscription',
};
interface Answer {
  statusCode?: number;
  error?: string;
  message: string[];
  body?: unknown;
  isDto?: boolean;
}

const dto = { ...body, phoneNumber: '254712345678' };

const globalPipes: [string, ValidationPipe | null][] = [
  ['no global pipe', null],
  ['a plain global pipe', new ValidationPipe()],
  ['a transforming global pipe', new ValidationPipe({ transform: true })],
  [
    'a strict global pipe',
    new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }),
  ],
  [
    'a converting global pipe',
    new ValidationPipe({ transform: true, transformOptions: { enableImplicitConversion: true } }),
  ],
];

describe.each(['express', 'fastify'])('StkPushDto on %s', (platform) => {
  describe.each(globalPipes)('with %s', (_, pipe) => {
    let app: INestApplication;
    let url: string;

    beforeAll(async () => {
      const module = await Test.createTestingModule({
        controllers: [PaymentsController],
      }).compile();
      app =
        platform === 'express'
          ? module.createNestApplication<NestExpressApplication>({ logger: false })
          : module.createNestApplication(new FastifyAdapter(), { logger: false });
      if (pipe) app.useGlobalPipes(pipe);
      await app.listen(0, '127.0.0.1');
      url = await app.getUrl();
    });
    afterAll(() => app.close());

    const post = async (path: string, sent: unknown) => {
      const response = await fetch(`${url}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof sent === 'string' ? sent : JSON.stringify(sent),
      });
      return { status: response.status, body: (await response.json()) as Answer };
    };

    it('takes a right body, with the number normalised', async () => {
      expect(await post('pay', body)).toEqual({ status: 201, body: { body: dto, isDto: true } });
    });

    it('takes an idempotency key', async () => {
      const given = { ...body, idempotencyKey: 'b0e7c7d2' };
      expect((await post('pay', given)).body.body).toEqual({ ...dto, idempotencyKey: 'b0e7c7d2' });
    });

    it('takes the fields of a DTO that extends it', async () => {
      const answer = await post('checkout', { ...body, coupon: 'MAY' });
      expect(answer).toEqual({
        status: 201,
        body: { body: { ...dto, coupon: 'MAY' }, isDto: true },
      });
    });

    it('answers 400 with one message a field', async () => {
      const wrong = {
        phoneNumber: '12',
        amount: 10.5,
        accountReference: ' ',
        transactionDesc: 'x'.repeat(14),
      };
      expect(await post('pay', wrong)).toEqual({
        status: 400,
        body: {
          statusCode: 400,
          error: 'Bad Request',
          message: [
            'phoneNumber must be a Kenyan mobile number, such as 0712345678, 0112345678 or +254712345678',
            'amount must be a number of whole shillings from 1 to 250000',
            'accountReference must be text of 1 to 12 characters',
            'transactionDesc must be text of 1 to 13 characters: it is never cut',
          ],
        },
      });
    });

    it.each([['10'], ['10.00'], [true], [null], [[10]], [{}], [0], [-1], [1e9]])(
      'refuses the amount %j',
      async (amount) => {
        const answer = await post('pay', { ...body, amount });
        expect(answer.status).toBe(400);
        expect(answer.body.message).toEqual([
          'amount must be a number of whole shillings from 1 to 250000',
        ]);
      },
    );

    it.each([
      ['phoneNumber', 712345678],
      ['accountReference', 7],
      ['transactionDesc', true],
      ['idempotencyKey', 7],
      ['idempotencyKey', null],
    ])('converts no %s of another type', async (field, value) => {
      const answer = await post('pay', { ...body, [field]: value });
      expect(answer.status).toBe(400);
      expect(answer.body.message).toHaveLength(1);
      expect(answer.body.message[0]).toMatch(new RegExp(`^${field} must be`));
    });

    it.each([
      ['callbackUrl', 'https://evil.example/stk'],
      ['orderId', 'order-of-somebody-else'],
      ['metadata', { role: 'admin' }],
      ['transactionType', 'CustomerBuyGoodsOnline'],
      ['account', 'other'],
    ])('refuses %s, which a client may not say', async (field, value) => {
      const answer = await post('pay', { ...body, [field]: value });
      expect(answer.status).toBe(400);
      expect(answer.body.message).toEqual([`property ${field} should not exist`]);
    });

    it.each([['[]'], ['{}'], [JSON.stringify([body])]])('refuses the body %s', async (sent) => {
      const answer = await post('pay', sent);
      expect(answer).toMatchObject({ status: 400, body: { error: 'Bad Request' } });
    });

    it('lets no prototype through', async () => {
      const sent = `${JSON.stringify(body).slice(0, -1)},"__proto__":{"amount":1,"admin":true}}`;
      const answer = await post('pay', sent);
      // Fastify refuses such a body itself.
      if (answer.status === 201) expect(answer.body.body).toEqual(dto);
      else expect(answer.status).toBe(400);
    });
  });
});

describe('StkPushDto without our pipe', () => {
  it('is still checked by a global pipe of the application', async () => {
    const module = await Test.createTestingModule({ controllers: [PaymentsController] }).compile();
    const app = module.createNestApplication({ logger: false });
    app.useGlobalPipes(globalPipes[4]![1]!);
    await app.listen(0, '127.0.0.1');
    const response = await fetch(`${await app.getUrl()}/plain`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, amount: '10' }),
    });
    await app.close();
    expect(response.status).toBe(400);
  });
});
