import { nairobiTime } from './nairobi-time.js';
import { SeededRandom } from './seeded-random.js';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const CAPITALS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const HEX = '0123456789abcdef';
const FIRST_RECEIPT_YEAR = 2006;

/** Makes ids in the forms that Daraja was seen to use in 2024 to 2026; each is unique. */
export class DarajaIds {
  private readonly tokens: SeededRandom;
  private readonly receipts: SeededRandom;
  private readonly backend: string;
  private counter: number;
  /** The instant in the last id of each phone. */
  private readonly lastPushes = new Map<string, number>();
  private readonly usedReceipts = new Set<string>();

  constructor(seed: number) {
    this.tokens = new SeededRandom(seed, 'token');
    this.receipts = new SeededRandom(seed, 'receipt');
    const random = new SeededRandom(seed, 'request');
    this.backend = [4, 4, 4, 12].map((length) => random.text(length, HEX)).join('-');
    this.counter = random.between(1_000_000, 9_000_000);
  }

  /** 28 letters and digits. */
  accessToken(): string {
    return this.tokens.text(28, ALPHANUMERIC);
  }

  /**
   * For `requestId` and `MerchantRequestID`: three hex groups and a longer one that ends in a
   * counter.
   */
  request(): string {
    this.counter += 1;
    return `${this.backend}${this.counter}`;
  }

  /** `ws_CO_`, the time in Nairobi to the millisecond, and the payer's last nine digits. */
  checkoutRequest(instant: number, phoneNumber: string): string {
    // Two pushes to one phone in one millisecond happen under a clock that stands still.
    const at = Math.max(instant, (this.lastPushes.get(phoneNumber) ?? -Infinity) + 1);
    this.lastPushes.set(phoneNumber, at);
    const { year, month, day, hour, minute, second, millisecond } = nairobiTime(at);
    return `ws_CO_${day}${month}${year}${hour}${minute}${second}${millisecond}${phoneNumber.slice(-9)}`;
  }

  /**
   * Ten characters: year (M is 2018), month (A is January), day (1-9, then A is 10), seven at
   * random.
   */
  receipt(instant: number): string {
    const { year, month, day } = nairobiTime(instant);
    const date =
      CAPITALS.charAt((Number(year) - FIRST_RECEIPT_YEAR) % CAPITALS.length) +
      CAPITALS.charAt(Number(month) - 1) +
      (Number(day) < 10 ? String(Number(day)) : CAPITALS.charAt(Number(day) - 10));
    let receipt: string;
    do receipt = date + this.receipts.text(7, CAPITALS_AND_DIGITS);
    while (this.usedReceipts.has(receipt));
    this.usedReceipts.add(receipt);
    return receipt;
  }
}
