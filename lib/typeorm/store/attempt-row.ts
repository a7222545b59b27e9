import type { AttemptRecord } from '../../attempts/attempt-record.js';
import type { StkAttemptStatus } from '../../attempts/attempt-status.js';
import { attemptOf } from '../../attempts/nothing-known.js';
import { openFlags } from '../../attempts/review-flag.js';
import { isErased } from '../../attempts/personal-data.js';
import type { PersonalDataCipher } from '../../privacy/personal-data-cipher.js';
import type { Dialect } from '../dialects/dialect.js';
import { ATTEMPT_COLUMNS, type AttemptColumn } from '../schema/attempt-columns.js';
import type { Row } from '../session.js';
import { join, raw, render, sql, type Sql } from '../sql.js';
import type { StoreContext } from './store-context.js';

type Property = keyof AttemptRecord;

const PROPERTIES = Object.keys(ATTEMPT_COLUMNS) as Property[];

const STATUSES: Record<StkAttemptStatus, true> = {
  created: true,
  sending: true,
  uncertain: true,
  pending: true,
  expired: true,
  rejected: true,
  failed: true,
  completed: true,
};

export const isKnownStatus = (status: unknown): status is StkAttemptStatus =>
  typeof status === 'string' && Object.hasOwn(STATUSES, status);

/** A row that this version cannot read. */
export class UnreadableRowError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableRowError';
  }
}

export const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' ? value : null;

const selected = new Map<Dialect, Sql>();

/** The columns of an attempt, of the table that the statement calls `a`. */
export function attemptColumns(dialect: Dialect): Sql {
  const known = selected.get(dialect);
  if (known) return known;
  const columns = Object.values(ATTEMPT_COLUMNS).map(({ name, kind }) =>
    kind === 'instant'
      ? sql`${dialect.toMs(raw(`a.${name}`))} AS ${raw(name)}`
      : raw(`a.${name} AS ${name}`),
  );
  // Once, as every statement has it.
  const fresh = raw(render(join(columns), dialect).text);
  selected.set(dialect, fresh);
  return fresh;
}

/** @throws UnreadableRowError where it was written by a newer version, or by somebody else */
export function readAttempt(row: Row, cipher: PersonalDataCipher): AttemptRecord {
  const name = `Attempt ${String(row.id)}`;
  if (!isKnownStatus(row.status)) {
    throw new UnreadableRowError(
      `${name} has the status '${String(row.status)}', which this version does not know. Was it stored by a newer one? Then update this process.`,
    );
  }
  const read = (property: Property) => {
    const column = ATTEMPT_COLUMNS[property];
    try {
      const value = decode(column, row[column.name], cipher);
      return property === 'noted' ? withDate(value) : value;
    } catch {
      throw new UnreadableRowError(
        `${name} cannot be read: its ${column.name} is damaged. Restore it from a backup.`,
      );
    }
  };
  return attemptOf(read);
}

/** What the columns take for an attempt, by their names. */
export function attemptValues(
  attempt: AttemptRecord,
  { dialect, cipher }: Pick<StoreContext, 'dialect' | 'cipher'>,
): Map<string, Sql> {
  const values = new Map(
    PROPERTIES.map((property) => {
      const column = ATTEMPT_COLUMNS[property];
      return [column.name, encode(column, attempt[property], dialect, cipher)];
    }),
  );
  const lookup = isErased(attempt) ? null : cipher.lookup(attempt.phoneNumber);
  values.set('phone_lookup', sql`${lookup}`).set('erased', sql`${isErased(attempt)}`);
  return values.set('needs_review', sql`${openFlags(attempt).length > 0}`);
}

/** What has changed, for an UPDATE. */
export function changedValues(
  before: AttemptRecord,
  after: AttemptRecord,
  context: Pick<StoreContext, 'dialect' | 'cipher'>,
): Map<string, Sql> {
  const all = attemptValues(after, context);
  const same = PROPERTIES.filter(
    (property) => JSON.stringify(before[property]) === JSON.stringify(after[property]),
  );
  for (const property of same) all.delete(ATTEMPT_COLUMNS[property].name);
  if (same.includes('phoneNumber')) {
    all.delete('phone_lookup');
    all.delete('erased');
  }
  if (same.includes('review') && same.includes('reviewed')) all.delete('needs_review');
  return all;
}

function decode(
  { kind, nullable, sealed }: AttemptColumn,
  value: Row[string],
  cipher: PersonalDataCipher,
): unknown {
  if (value === null || value === undefined) {
    if (!nullable) throw new TypeError('NULL');
    return null;
  }
  // A key that is lost must not keep an attempt from being settled.
  if (sealed) return cipher.open(String(value), sealed) ?? (nullable ? null : '');
  switch (kind) {
    case 'integer':
      return whole(value);
    case 'boolean':
      return Boolean(value);
    case 'instant':
      return new Date(whole(value));
    case 'json':
      return JSON.parse(String(value));
    default:
      return String(value);
  }
}

function whole(value: unknown): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new TypeError('not a whole number');
  return number;
}

/** JSON has no instants. */
function withDate(noted: unknown): unknown {
  const { paidAt = null } = (noted ?? {}) as { paidAt?: string | null };
  return noted && { ...noted, paidAt: paidAt === null ? null : new Date(paidAt) };
}

function encode(
  { kind, sealed }: AttemptColumn,
  value: unknown,
  dialect: Dialect,
  cipher: PersonalDataCipher,
): Sql {
  if (value === null) return raw('NULL');
  if (sealed) {
    const text = value as string;
    const isSearched = sealed === 'checkout-request-id';
    if (text === '') return sql`${text}`;
    return sql`${isSearched ? cipher.sealFixed(text, sealed) : cipher.seal(text, sealed)}`;
  }
  switch (kind) {
    case 'instant':
      return dialect.instant((value as Date).getTime());
    case 'json':
      return sql`${JSON.stringify(value)}`;
    default:
      return sql`${value as string | number | boolean}`;
  }
}
