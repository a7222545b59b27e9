import { IsUUID } from 'class-validator';
import { IsKenyanMsisdn, IsShillingAmount } from 'nestjs-mpesa';

/** What the Pay button sends for an order that was placed before. */
export class PayOrderDto {
  /** Drawn by the page for each press of Pay. */
  @IsUUID()
  idempotencyKey!: string;

  @IsKenyanMsisdn()
  phoneNumber!: string;
}

/**
 * What the Pay button sends at first. The customer says what a gift card is worth; the price of
 * anything else is yours to say, never the browser's.
 */
export class PlaceOrderDto extends PayOrderDto {
  @IsShillingAmount()
  amount!: number;
}
