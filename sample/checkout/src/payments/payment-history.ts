import {
  describeResultCode,
  type JsonObject,
  type StkAttemptStatus,
  type StkHistoryEntry,
} from 'nestjs-mpesa';

/** What the staff reads of something that was learned of a payment. */
export interface HistoryLine {
  at: Date;
  tone: 'good' | 'bad' | 'plain';
  text: string;
  textSw?: string;
}

/** Nothing has to be written down for this: nestjs-mpesa keeps all that it learned of an attempt. */
export function historyLine(entry: StkHistoryEntry): HistoryLine {
  return { at: entry.at, ...(entry.from === entry.to ? sameStatus(entry) : newStatus(entry)) };
}

type Words = Omit<HistoryLine, 'at'>;

function newStatus({ kind, from, to, detail }: StkHistoryEntry): Words {
  switch (to) {
    case 'pending':
      return plain('The phone is asked.');
    case 'uncertain':
      return plain(`The phone may have been asked; no answer from M-Pesa.${because(detail)}`);
    case 'expired':
      return plain('No word from M-Pesa in time. Still watched.');
    case 'rejected':
      return { tone: 'bad', text: `No phone was asked.${because(detail)}` };
    case 'completed': {
      const receipt = textIn(detail, 'receipt');
      const found = receipt ? `receipt ${receipt}` : 'receipt to follow';
      const late = WAS_SETTLED.includes(from) ? `; it was ${from}` : '';
      return { tone: 'good', text: `Paid, ${found}, told by the ${kind}${late}.` };
    }
    case 'failed': {
      const { reason, customerMessage } = describeResultCode(textIn(detail, 'resultCode') ?? '');
      const { en, sw } = customerMessage;
      const text = `Not paid: ${reason}. The customer reads: ${en}`;
      return { tone: 'bad', text, textSw: sw };
    }
    case 'created':
    case 'sending':
      return plain('It is being sent.');
  }
}

function sameStatus({ kind, detail, callback }: StkHistoryEntry): Words {
  if (callback === 'deferred') return plain('A callback came before the answer to our push.');
  if (callback === 'quarantined') return plain('A callback that does not fit was set aside.');
  const receipt = textIn(detail, 'receipt');
  if (receipt) return plain(`The receipt is ${receipt}.`);
  if (kind === 'query') return plain('M-Pesa was asked, and did not know yet.');
  return plain(`Noted, and nothing changed (${kind}).`);
}

const WAS_SETTLED: StkAttemptStatus[] = ['failed', 'rejected', 'expired'];

const plain = (text: string): Words => ({ tone: 'plain', text });

function because(detail: JsonObject): string {
  const reason = textIn(detail, 'errorMessage') ?? textIn(detail, 'cause');
  return reason ? ` (${reason})` : '';
}

function textIn(detail: JsonObject, name: string): string | null {
  const value = detail[name];
  return typeof value === 'string' ? value : null;
}
