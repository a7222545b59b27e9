import type { StkCallbackMetadata } from '../attempts/stk-callback.js';
import { ownValue, requireObject } from './read-json.js';
import { StkCallbackError } from './stk-callback.error.js';
import { parseTransactionDate } from './transaction-date.js';

/** Daraja sends 4 or 5 items. */
const MAX_ITEMS = 32;
const MAX_NAME_LENGTH = 64;
const MAX_VALUE_LENGTH = 256;

/** One word of printable ASCII. Receipts have 10 letters and digits, amounts at most 9 characters. */
const WORD = /^[\x21-\x7e]{1,32}$/;
/** A number in full, or masked (`254708***430`, `2547 ***** 126`). */
const PHONE_NUMBER = /^[\d*+ ]{1,32}$/;

/**
 * `CallbackMetadata` as named fields. Read by name: the order of the items and the presence of
 * `Balance` vary from one callback to the next.
 * @throws {StkCallbackError} where it is not a list of named items
 */
export function readStkMetadata(callbackMetadata: unknown): StkCallbackMetadata {
  const values = readItems(callbackMetadata);
  const metadata: StkCallbackMetadata = {};
  const amount = readAmount(values.get('Amount'));
  if (amount !== undefined) metadata.amount = amount;
  const receipt = readText(values.get('MpesaReceiptNumber'), WORD);
  if (receipt !== undefined) metadata.receipt = receipt;
  const paidAt = parseTransactionDate(values.get('TransactionDate'));
  if (paidAt !== undefined) metadata.paidAt = paidAt;
  const phoneNumber = readPhoneNumber(values.get('PhoneNumber'));
  if (phoneNumber !== undefined) metadata.phoneNumber = phoneNumber;
  const balance = readNumber(values.get('Balance'));
  if (balance !== undefined) metadata.balance = balance;
  return metadata;
}

function readItems(callbackMetadata: unknown): Map<string, unknown> {
  const values = new Map<string, unknown>();
  if (callbackMetadata === undefined || callbackMetadata === null) return values;
  const items = ownValue(requireObject(callbackMetadata, 'CallbackMetadata'), 'Item') ?? [];
  if (!Array.isArray(items)) throw new StkCallbackError('CallbackMetadata.Item must be a list');
  if (items.length > MAX_ITEMS) throw new StkCallbackError(`more than ${MAX_ITEMS} metadata items`);
  for (const entry of items as unknown[]) {
    const item = requireObject(entry, 'a metadata item');
    const name = ownValue(item, 'Name');
    if (typeof name !== 'string' || name.length > MAX_NAME_LENGTH) {
      throw new StkCallbackError('a metadata item has no usable Name');
    }
    // Which of the two would count? Neither, then.
    if (values.has(name)) throw new StkCallbackError('two metadata items have the same Name');
    const value = ownValue(item, 'Value');
    if (typeof value === 'string' && value.length > MAX_VALUE_LENGTH) {
      throw new StkCallbackError(`a metadata value is longer than ${MAX_VALUE_LENGTH} characters`);
    }
    values.set(name, value);
  }
  return values;
}

/** As received: comparing it exactly is for who knows what was asked. */
const readAmount = (value: unknown): number | string | undefined =>
  readText(value, WORD) ?? readNumber(value);

const readNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

const readText = (value: unknown, format: RegExp): string | undefined =>
  typeof value === 'string' && format.test(value) ? value : undefined;

const readPhoneNumber = (value: unknown): string | undefined =>
  readText(Number.isSafeInteger(value) ? String(value) : value, PHONE_NUMBER);
