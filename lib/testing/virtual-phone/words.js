/** How the phone writes what the emulator says in its own way. */

export const money = (amount) => `KES ${new Intl.NumberFormat('en-KE').format(amount)}`;

/** `254712345678` as `0712 345 678`. */
export const local = (number) => number.replace(/^254(\d{3})(\d{3})(\d{3})$/, '0$1 $2 $3');

export const time = (date) =>
  date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
