import { describeResultCode, type StkAttempt } from 'nestjs-mpesa';

/** What the customer reads about a payment. */
export interface CustomerWords {
  tone: 'waiting' | 'paid' | 'failed' | 'unknown';
  title: string;
  text: string;
  textSw?: string;
  /** Whether the page may offer to pay again: never while money could still be on its way. */
  mayPayAgain: boolean;
}

export function customerWords(attempt: StkAttempt): CustomerWords {
  switch (attempt.status) {
    case 'created':
    case 'sending':
      return waiting('Asking your phone', 'One moment.');
    case 'pending':
      return waiting('Check your phone', 'We are waiting for your M-PESA PIN.');
    case 'uncertain':
    case 'expired':
      return NOT_KNOWN;
    case 'rejected':
      return {
        tone: 'failed',
        title: 'Your phone was not asked',
        text: 'M-PESA did not take the request. Nothing was paid.',
        mayPayAgain: true,
      };
    case 'failed':
      // Two answers that contradict each other: staff is on it, the customer must not pay twice.
      return attempt.review.includes('query-conflict') ? NOT_KNOWN : failed(attempt);
    case 'completed':
      return attempt.late ? PAID_LATE : PAID;
  }
}

export const PAID: CustomerWords = {
  tone: 'paid',
  title: 'Paid, thank you',
  text: 'Your gift card is on its way.',
  mayPayAgain: false,
};

export const PAID_LATE: CustomerWords = {
  tone: 'paid',
  title: 'Your payment arrived after all',
  text: 'It came later than usual. We will send your gift card or your money back.',
  mayPayAgain: false,
};

const NOT_KNOWN: CustomerWords = {
  tone: 'unknown',
  title: 'We do not know yet',
  text: 'Please do not pay again. We are asking M-PESA what became of your payment, and will show it here.',
  mayPayAgain: false,
};

const TITLES: Partial<Record<string, string>> = {
  cancelled: 'You cancelled the payment',
  'wrong-pin': 'That was not the right PIN',
  'insufficient-funds': 'Not enough money in M-PESA',
  timeout: 'There was no answer from your phone',
  unreachable: 'There was no answer from your phone',
};

function failed(attempt: StkAttempt & { status: 'failed' }): CustomerWords {
  const { customerMessage, retryable } = describeResultCode(attempt.resultCode ?? '');
  return {
    tone: 'failed',
    title: TITLES[attempt.reason] ?? 'The payment did not go through',
    text: customerMessage.en,
    textSw: customerMessage.sw,
    mayPayAgain: retryable,
  };
}

const waiting = (title: string, text: string): CustomerWords => ({
  tone: 'waiting',
  title,
  text,
  mayPayAgain: false,
});
