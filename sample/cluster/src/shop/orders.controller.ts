import { BadRequestException, Body, Controller, Get, Param, Post } from '@nestjs/common';
import { MpesaValidationPipe, StkPushDto, StkService } from 'nestjs-mpesa';
import { isTenant } from './tenants.js';

/** What a customer's page asks for. Any instance can answer: all they know is in the database. */
@Controller(':tenant/orders/:orderId')
export class OrdersController {
  constructor(private readonly stk: StkService) {}

  @Post('pay')
  async pay(
    @Param('tenant') tenant: string,
    @Param('orderId') orderId: string,
    @Body(MpesaValidationPipe)
    { phoneNumber, amount, accountReference, transactionDesc }: StkPushDto,
  ): Promise<{ status: string }> {
    // Who is paid is decided here, never by what the page says.
    if (!isTenant(tenant)) throw new BadRequestException(`There is no shop ${tenant}.`);
    const { status } = await this.stk.push({
      phoneNumber,
      amount,
      accountReference,
      transactionDesc,
      account: tenant,
      orderId: `${tenant}:${orderId}`,
    });
    return { status };
  }

  /** `open`: nobody is asked for it just now, and it may be paid. */
  @Get()
  async status(@Param() { tenant, orderId }: { tenant: string; orderId: string }) {
    const attempts = await this.stk.findByOrder(`${tenant}:${orderId}`);
    const is = (...statuses: string[]) => attempts.some(({ status }) => statuses.includes(status));
    if (is('completed')) return { status: 'paid' };
    return { status: is('created', 'sending', 'uncertain', 'pending') ? 'waits' : 'open' };
  }
}
