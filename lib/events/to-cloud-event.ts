import type { StkEvent } from '../attempts/events/stk-event.js';
import type { JsonObject } from '../attempts/json.js';

/** Of the form of `data`. A field more is no other version; a field less, or another meaning, is. */
const VERSION = 1;

/**
 * An event in the structured JSON form of CloudEvents 1.0, for whoever is not in this process.
 * `docs/events.md` shows each type. There is no personal data and no secret in it but what the
 * application has put into `metadata` itself.
 * @publicApi
 */
export interface StkCloudEvent {
  /** Of CloudEvents. */
  specversion: '1.0';
  /** The event's `id`. The same event told twice has the same one. */
  id: string;
  /** Which application, and account, it is of: a URI reference. */
  source: string;
  /** `stk.completed` and the like. */
  type: string;
  /** The attempt's id. */
  subject: string;
  /** When it occurred: RFC 3339, UTC. */
  time: string;
  /** Of `data`. */
  datacontenttype: 'application/json';
  /** Names the form of `data` and its version: `urn:nestjs-mpesa:stk.completed:1`. */
  dataschema: string;
  /** `account`, `orderId`, `metadata`, and what events of this type carry. Instants are RFC 3339. */
  data: JsonObject;
}

/**
 * The event's JSON form.
 *
 * @param source a URI reference that tells this application from others behind the same broker.
 * Default: `/nestjs-mpesa/` and the name of the account
 * @publicApi
 */
export function toCloudEvent(event: StkEvent, source?: string): StkCloudEvent {
  const { id, attemptId, occurredAt, ...data } = event;
  return {
    specversion: '1.0',
    id,
    source: source ?? `/nestjs-mpesa/${encodeURIComponent(event.account)}`,
    type: event.type,
    subject: attemptId,
    time: occurredAt.toISOString(),
    datacontenttype: 'application/json',
    dataschema: `urn:nestjs-mpesa:${event.type}:${VERSION}`,
    data: JSON.parse(JSON.stringify(data)) as JsonObject,
  };
}
