/** Daraja's ids end in the nine digits of the payer's number. */
const NUMBER_LENGTH = 9;

/** `ws_CO_260920262019337*********`: the id without the number in it. */
export const maskCheckoutRequestId = (id: string): string =>
  id.length > NUMBER_LENGTH ? `${id.slice(0, -NUMBER_LENGTH)}${'*'.repeat(NUMBER_LENGTH)}` : id;
