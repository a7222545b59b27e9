import type { EmulatorPrompt } from './emulator-prompt.js';
import { nairobiTime } from './nairobi-time.js';

/**
 * A prompt as the phone shows it. Knows nothing of the callback URL, whose last segment is a
 * secret.
 */
export type PhonePrompt = Pick<
  EmulatorPrompt,
  | 'id'
  | 'phoneNumber'
  | 'merchant'
  | 'shortCode'
  | 'amount'
  | 'accountReference'
  | 'transactionDesc'
  | 'createdAt'
  | 'expiresAt'
  | 'status'
>;

export interface PhoneMessage {
  id: string;
  phoneNumber: string;
  /** ISO 8601. */
  at: string;
  text: string;
}

export interface PhoneState {
  /** In the order in which they were first asked; prompts and messages oldest first. */
  phones: {
    phoneNumber: string;
    /** Whether it has network. */
    reachable: boolean;
    prompts: PhonePrompt[];
    messages: PhoneMessage[];
  }[];
  /** The PIN that pays. */
  pinHint: string;
}

/** What a phone remembers: the page is sent whole at each change. */
const KEPT = 50;

export const phonePrompt = (prompt: EmulatorPrompt): PhonePrompt => ({
  id: prompt.id,
  phoneNumber: prompt.phoneNumber,
  merchant: prompt.merchant,
  shortCode: prompt.shortCode,
  amount: prompt.amount,
  accountReference: prompt.accountReference,
  transactionDesc: prompt.transactionDesc,
  createdAt: prompt.createdAt,
  expiresAt: prompt.expiresAt,
  status: prompt.status,
});

export const phoneState = (
  prompts: Iterable<EmulatorPrompt>,
  pinHint: string,
  isReachable: (phoneNumber: string) => boolean,
): PhoneState => {
  const byPhone = new Map<string, EmulatorPrompt[]>();
  for (const prompt of prompts) {
    const known = byPhone.get(prompt.phoneNumber);
    if (known) known.push(prompt);
    else byPhone.set(prompt.phoneNumber, [prompt]);
  }
  const phones = [...byPhone].map(([phoneNumber, all]) => {
    const kept = all.slice(-KEPT);
    return {
      phoneNumber,
      reachable: isReachable(phoneNumber),
      prompts: kept.map(phonePrompt),
      messages: kept.flatMap((prompt) => messageOf(prompt) ?? []),
    };
  });
  return { phones, pinHint };
};

/** The customer is told of a payment even when the callback is lost. */
const messageOf = (prompt: EmulatorPrompt): PhoneMessage | null => {
  const { id, phoneNumber, receipt, settledAt } = prompt;
  if (receipt === null || settledAt === null) return null;
  const { year, month, day, hour, minute } = nairobiTime(Date.parse(settledAt));
  const text =
    `Paid: KES ${prompt.amount.toLocaleString('en-KE')} to ${prompt.merchant}, account ` +
    `${prompt.accountReference}, on ${day}/${month}/${year} at ${hour}:${minute}. ` +
    `Receipt ${receipt}. Play money.`;
  return { id: `sms-${id}`, phoneNumber, at: settledAt, text };
};
