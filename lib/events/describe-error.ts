import { types } from 'node:util';

/**
 * Name and message, and nothing else that an error carries: an HTTP client's holds whole requests.
 * What is thrown and is no error is not shown.
 */
export function describeError(error: unknown): string {
  return isError(error) ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
}

/** For the logger: where it was thrown. */
export const stackOf = (error: unknown): string | undefined =>
  isError(error) ? error.stack : undefined;

/** Also of another realm, as Jest's are. */
const isError = (error: unknown): error is Error =>
  error instanceof Error || types.isNativeError(error);
