import { describeError } from '../../redaction/describe-error.js';
import { codeOf } from './code-of.js';

export interface ProbeAnswer {
  status: number;
  text: string;
  location: string | null;
}

/** No answer came. */
export interface ProbeFailure {
  what: string;
  /** The system's or OpenSSL's word for it. */
  code: string | null;
}

/** Posts JSON to the callback URL with one more segment. */
export async function probe(
  callbackUrl: string,
  segment: string,
  body: string,
  signal: AbortSignal,
): Promise<ProbeAnswer | ProbeFailure> {
  try {
    const answer = await fetch(`${callbackUrl.replace(/\/$/, '')}/${segment}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json;charset=UTF-8' },
      body,
      redirect: 'manual',
      signal,
    });
    const text = await answer.text();
    return { status: answer.status, text, location: answer.headers.get('location') };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    return { what: describeError(cause ?? error), code: codeOf(cause ?? error) };
  }
}
