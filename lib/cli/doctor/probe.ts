import { describeError } from '../../redaction/describe-error.js';

export interface ProbeAnswer {
  status: number;
  text: string;
  location: string | null;
}

/** Posts JSON to the callback URL with one more segment; what went wrong, as text, where no answer came. */
export async function probe(
  callbackUrl: string,
  segment: string,
  body: string,
  signal: AbortSignal,
): Promise<ProbeAnswer | string> {
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
    return describeError(cause ?? error);
  }
}
