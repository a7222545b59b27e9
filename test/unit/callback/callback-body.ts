/** The metadata of one payment, as Daraja sends it. */
export const ITEMS = [
  { Name: 'Amount', Value: 100 },
  { Name: 'MpesaReceiptNumber', Value: 'UE4JS31RBV' },
  { Name: 'TransactionDate', Value: 20260504210428 },
  { Name: 'PhoneNumber', Value: 254712345678 },
];

/** What is to be read from them. */
export const METADATA = {
  amount: 100,
  receipt: 'UE4JS31RBV',
  paidAt: new Date('2026-05-04T18:04:28.000Z'),
  phoneNumber: '254712345678',
};

/** The body of a callback of a payment, with some fields of its callback changed. */
export const body = (fields: object = {}) => ({
  Body: {
    stkCallback: {
      MerchantRequestID: '4ddd-4866-824e-3f944c695ba350353555',
      CheckoutRequestID: 'ws_CO_04052026210410237712345678',
      ResultCode: 0,
      ResultDesc: 'The service request is processed successfully.',
      CallbackMetadata: { Item: ITEMS },
      ...fields,
    },
  },
});

export const withItems = (...Item: unknown[]) => body({ CallbackMetadata: { Item } });
export const item = (Name: string, ...Value: unknown[]) =>
  Value.length ? { Name, Value: Value[0] } : { Name };
