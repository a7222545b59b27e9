import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiOkResponse, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import request from 'supertest';
import {
  MpesaValidationPipe,
  type StkAttempt,
  StkAttemptDto,
  StkCallbackBody,
  type StkCallbackRequest,
  StkCallbackRoute,
  StkCallbackService,
  StkPushDto,
  StkService,
} from '../../lib/index.js';
import { MpesaTestingModule } from '../../lib/testing.js';
import { HTTP_PLATFORMS } from '../support/http-platforms.js';

@Controller('payments')
class PaymentsController {
  constructor(private readonly stk: StkService) {}

  @Post()
  @ApiOkResponse({ type: StkAttemptDto })
  push(@Body(MpesaValidationPipe) body: StkPushDto): Promise<StkAttempt> {
    return this.stk.push(body);
  }

  @Get(':id')
  @ApiOkResponse({ type: StkAttemptDto })
  find(@Param('id') id: string): Promise<StkAttempt | null> {
    return this.stk.find(id);
  }
}

@Controller('own')
class OwnCallbackController {
  constructor(private readonly callbacks: StkCallbackService) {}

  @StkCallbackRoute()
  async receive(@StkCallbackBody() callback: StkCallbackRequest): Promise<void> {
    await this.callbacks.receive(callback);
  }
}

@Module({
  imports: [MpesaTestingModule.forRoot()],
  controllers: [PaymentsController, OwnCallbackController],
})
class AppModule {}

describe.each(HTTP_PLATFORMS)('the OpenAPI document of an application on %s', (_name, adapter) => {
  let app: Awaited<ReturnType<typeof NestFactory.create>>;
  let document: OpenAPIObject;

  beforeAll(async () => {
    app = await NestFactory.create(AppModule, adapter(), { logger: false });
    document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    await app.listen(0, '127.0.0.1');
  });

  afterAll(() => app.close());

  const schemaOf = (name: string) =>
    document.components!.schemas![name] as {
      required: string[];
      properties: Record<string, Record<string, unknown>>;
    };

  it("has no callback route, neither the module's nor one of the application's own", () => {
    expect(Object.keys(document.paths).sort()).toEqual(['/payments', '/payments/{id}']);
  });

  it('describes a push, whose examples are accepted', async () => {
    const { required, properties } = schemaOf('StkPushDto');
    expect(required.sort()).toEqual([
      'accountReference',
      'amount',
      'phoneNumber',
      'transactionDesc',
    ]);
    expect(properties).toMatchObject({
      amount: { type: 'number', minimum: 1, maximum: 250_000 },
      accountReference: { type: 'string', minLength: 1, maxLength: 12 },
      transactionDesc: { type: 'string', minLength: 1, maxLength: 13 },
      idempotencyKey: { type: 'string', maxLength: 128 },
    });
    await request(await app.getUrl())
      .post('/payments')
      .send(examplesOf(properties))
      .expect(201);
  });

  it('describes an attempt as it is answered, pending and paid', async () => {
    const { required, properties } = schemaOf('StkAttemptDto');
    expect(required.sort()).toEqual(Object.keys(properties).sort());
    expect(misfits(examplesOf(properties), properties)).toEqual([]);

    const stk = app.get(StkService, { strict: false });
    const attempt = await stk.push({
      phoneNumber: '0110345678',
      amount: 1,
      accountReference: 'A',
      transactionDesc: 'A',
    });
    const read = async () => {
      const answer = await request(await app.getUrl()).get(`/payments/${attempt.id}`);
      return answer.body as Record<string, unknown>;
    };
    const pending = await read();
    expect(pending).toMatchObject({ id: attempt.id, status: 'pending' });
    expect(misfits(pending, properties)).toEqual([]);

    await app.get(MpesaTestingModule).approve(attempt);
    const paid = await read();
    expect(paid).toMatchObject({ id: attempt.id, status: 'completed' });
    expect(misfits(paid, properties)).toEqual([]);
  });
});

const examplesOf = (properties: Record<string, Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(properties).map(([name, { example }]) => [name, example]));

/** Names of what does not fit the schema, or stands in one of the two alone. */
function misfits(
  value: Record<string, unknown>,
  properties: Record<string, Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(value), ...Object.keys(properties)]);
  return [...names].filter((name) => {
    const [one, schema] = [value[name], properties[name]];
    if (one === undefined || schema === undefined) return true;
    if (one === null) return schema.nullable !== true;
    const type = Array.isArray(one) ? 'array' : typeof one;
    return type !== schema.type || (Array.isArray(schema.enum) && !schema.enum.includes(one));
  });
}
