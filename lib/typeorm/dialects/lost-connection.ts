import type { DriverError } from '../database.error.js';

const CODES = /^(E[A-Z]+|PROTOCOL_CONNECTION_LOST|ER_CLIENT_INTERACTION_TIMEOUT|4031)$/;
const MESSAGES =
  /connection (is )?(terminated|closed|ended)|in closed state|not queryable|released/i;

/** Whether the connection broke, by the errors of the operating system and of the drivers. */
export const isLostConnection = ({ code, message }: DriverError): boolean =>
  (CODES.test(code) && !code.startsWith('ER_')) ||
  code === 'ER_CLIENT_INTERACTION_TIMEOUT' ||
  MESSAGES.test(message);
