import { types } from 'node:util';
import { cleanText, withoutSecrets } from './clean-text.js';

/** Longer than Daraja's texts: a handler's may name several causes. */
const MAX_LENGTH = 2_000;
/** `    at pay (/srv/shop.js:1:2)` */
const FRAME = /^ {4}at .*$/gm;

/**
 * Name and message, cleaned, and nothing else that an error carries: an HTTP client's holds whole
 * requests, a driver's the parameters of its statement. What is thrown and is no error is not shown.
 */
export function describeError(error: unknown): string {
  if (!isError(error)) return `a thrown ${typeof error}`;
  return cleanText(`${error.name}: ${error.message}`, MAX_LENGTH);
}

/** For the logger: what and where it was thrown. */
export function stackOf(error: unknown): string | undefined {
  if (!isError(error) || typeof error.stack !== 'string') return undefined;
  // The message comes first, and may have lines that look like frames.
  const frames = error.stack.replace(error.message, '').match(FRAME) ?? [];
  return [describeError(error), ...frames.map(withoutSecrets)].join('\n');
}

/** Also of another realm, as Jest's are. */
const isError = (error: unknown): error is Error =>
  error instanceof Error || types.isNativeError(error);
