import { validateSync } from 'class-validator';
import {
  IsAccountReference,
  IsCallbackUrl,
  IsKenyanMsisdn,
  IsShillingAmount,
  IsTransactionDesc,
} from '../../../lib/stk/stk.validators.js';

class Plan {
  @IsKenyanMsisdn()
  owner: unknown = '0712345678';

  @IsKenyanMsisdn({ each: true })
  members: unknown = ['0112345678'];

  @IsShillingAmount()
  price: unknown = 250_000;

  @IsShillingAmount(500)
  fee: unknown = 500;

  @IsAccountReference()
  reference: unknown = 'x'.repeat(12);

  @IsTransactionDesc({ message: 'is a poor description' })
  description: unknown = 'x'.repeat(13);

  @IsCallbackUrl()
  url: unknown = 'https://shop.example.com/stk';

  @IsCallbackUrl({ allowHttp: true })
  localUrl: unknown = 'http://localhost/stk';
}

const messagesOf = (change: Partial<Plan>): string[] =>
  validateSync(Object.assign(new Plan(), change)).flatMap((error) =>
    Object.values(error.constraints ?? {}),
  );

describe('validators', () => {
  it('let through what is right', () => {
    expect(messagesOf({})).toEqual([]);
  });

  it.each<[Partial<Plan>, string]>([
    [
      { owner: '0202345678' },
      'owner must be a Kenyan mobile number, such as 0712345678, 0112345678 or +254712345678',
    ],
    [
      { members: ['0712345678', 'x'] },
      'each value in members must be a Kenyan mobile number, such as 0712345678, 0112345678 or +254712345678',
    ],
    [{ price: 250_001 }, 'price must be a number of whole shillings from 1 to 250000'],
    [{ price: '10' }, 'price must be a number of whole shillings from 1 to 250000'],
    [{ fee: 501 }, 'fee must be a number of whole shillings from 1 to 500'],
    [
      { reference: 'x'.repeat(13) },
      'reference must be text of 1 to 12 characters: it is never cut',
    ],
    [
      { reference: 'a@b' },
      'reference must have only letters A-Z, digits, spaces and _ - . / : (others can make the prompt vanish)',
    ],
    [{ description: '' }, 'is a poor description'],
    [{ url: 'http://shop.example.com/stk' }, 'url must begin with https://'],
    [
      { url: undefined },
      'url must be an absolute URL, such as https://shop.example.com/stk/callback',
    ],
    [{ localUrl: 'http://localhost/stk?a' }, 'localUrl must not have a query string or a fragment'],
  ])('refuses %j', (change, message) => {
    expect(messagesOf(change)).toEqual([message]);
  });
});
