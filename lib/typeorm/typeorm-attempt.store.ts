import type { DataSource, EntityManager } from 'typeorm';
import { Subject } from 'rxjs';
import type { StkHistoryEntry } from '../attempts/attempt-history.js';
import type { AttemptRecord } from '../attempts/attempt-record.js';
import {
  AttemptStore,
  type AttemptPage,
  type DeadDelivery,
  type NewAttempt,
  type Opening,
  type QuarantinedCallback,
  type SendClaim,
  type SendClaimed,
  type Settlement,
  type StoredCallback,
  type StoredQuarantine,
  type StoreLag,
} from '../attempts/attempt-store.js';
import type { Decide } from '../attempts/decision.js';
import type { DeliveryOutcome, EventClaim, EventDelivery } from '../attempts/event-delivery.js';
import type { Evidence } from '../attempts/evidence.js';
import { failpoint } from '../attempts/failpoint.js';
import type { PersonalDataCipher } from '../privacy/personal-data-cipher.js';
import type { MpesaTableOptions } from './schema/table-names.js';
import type { Session } from './session.js';
import { parameters, sql } from './sql.js';
import { AttemptReader } from './store/attempt-reader.js';
import { inCallersTransaction } from './store/callers-transaction.js';
import { Deliveries } from './store/deliveries.js';
import { claimDueAttempts } from './store/due-attempts.js';
import { accountsToAsk, claimQuery } from './store/due-queries.js';
import { readCallbacks, readHistory } from './store/evidence-rows.js';
import { erasable, forgetBodies, forgetPerson } from './store/erasure.js';
import { readLag } from './store/lag.js';
import { openAttempt } from './store/opening.js';
import { Quarantine } from './store/quarantine.js';
import { claimSend } from './store/send-claim.js';
import { settleAttempt } from './store/settling.js';
import { storeContext, type StoreContext } from './store/store-context.js';
import { forgetHandler, subscribe } from './store/subscriptions.js';

/** A subscription may have a backlog to write, or its end one to drop. Nobody waits for it. */
const SUBSCRIBE_LIMIT_MS = 30_000;

/** Keeps attempts in the application's database, by a data source of TypeORM. */
export class TypeOrmAttemptStore extends AttemptStore {
  readonly commits = new Subject<string>();
  private readonly context: StoreContext;
  private readonly reader: AttemptReader;
  private readonly deliveries: Deliveries;
  private readonly setAside: Quarantine;

  /** @param limitMs what an operation may take, in ms */
  constructor(
    dataSource: DataSource,
    options: MpesaTableOptions = {},
    limitMs?: number,
    cipher?: PersonalDataCipher,
  ) {
    super();
    this.context = storeContext(dataSource, options, limitMs, cipher);
    this.reader = new AttemptReader(this.context);
    this.deliveries = new Deliveries(this.context);
    this.setAside = new Quarantine(this.context);
  }

  async open(attempt: NewAttempt, manager?: EntityManager): Promise<Opening> {
    if (manager) {
      return inCallersTransaction(this.context.database, manager, (session) =>
        openAttempt(session, this.context, this.reader, attempt),
      );
    }
    // The insert is a transaction by itself, and a refused one needs none.
    const opening = await this.context.database.read((session) =>
      openAttempt(session, this.context, this.reader, attempt),
    );
    await failpoint('open.committed');
    if (opening.outcome === 'opened') this.commits.next(attempt.id);
    return opening;
  }

  async claimSend(claim: SendClaim, known?: AttemptRecord): Promise<SendClaimed> {
    const { database, dialect } = this.context;
    const work = (session: Session) => claimSend(session, this.context, this.reader, claim, known);
    // Where the update gives back the row it is a transaction by itself.
    const claimed = await (dialect.returnsChanges
      ? database.read(work)
      : database.transaction(work));
    await failpoint('claim.committed');
    if (claimed.outcome === 'claimed') this.commits.next(claim.attemptId);
    return claimed;
  }

  async settle(
    target: { attemptId: string } | { tokenHash: string },
    evidence: Evidence,
    decide: Decide,
    known?: AttemptRecord,
  ): Promise<Settlement | null> {
    await failpoint('settle.before');
    const settled = await settleAttempt(this.context, { target, evidence, decide, known });
    await failpoint('settle.committed');
    if (!settled) return null;
    const { attempt, callback, changed } = settled;
    if (changed) this.commits.next(attempt.id);
    return { attempt, callback };
  }

  async quarantine(callback: QuarantinedCallback): Promise<void> {
    await this.setAside.add(callback);
  }

  listQuarantined(page: { limit: number; after?: string }): Promise<StoredQuarantine[]> {
    return this.setAside.list(page);
  }

  findQuarantined(id: string): Promise<StoredQuarantine | null> {
    return this.setAside.find(id);
  }

  markReplayed(quarantinedId: string): Promise<boolean> {
    return this.setAside.markReplayed(quarantinedId);
  }

  find(id: string): Promise<AttemptRecord | null> {
    return this.reader.find(sql`a.id = ${id}`);
  }

  findByCheckoutRequestId(checkoutRequestId: string): Promise<AttemptRecord | null> {
    const forms = this.context.cipher.fixedForms(checkoutRequestId, 'checkout-request-id');
    return this.reader.findFirst(sql`a.checkout_request_id IN (${parameters(forms)})`);
  }

  findByOrder(orderId: string): Promise<AttemptRecord[]> {
    return this.reader.findByOrder(orderId);
  }

  findByReceipt(receipt: string): Promise<AttemptRecord | null> {
    return this.reader.find(sql`a.receipt = ${receipt}`);
  }

  findByPhone(phoneNumber: string): Promise<AttemptRecord[]> {
    const forms = this.context.cipher.lookupForms(phoneNumber);
    return this.reader.findAll(sql`a.phone_lookup IN (${parameters(forms)}) ORDER BY a.seq`);
  }

  erasable({ createdBefore, limit }: { createdBefore: Date; limit: number }) {
    return this.reader.findAll(erasable(this.context, createdBefore, limit));
  }

  forgetPerson(attemptId: string): Promise<boolean> {
    return this.context.database.transaction((session) =>
      forgetPerson(session, this.context, attemptId),
    );
  }

  forgetBodies({ receivedBefore, limit }: { receivedBefore: Date; limit: number }) {
    return this.context.database.transaction((session) =>
      forgetBodies(session, this.context, receivedBefore, limit),
    );
  }

  list(page: AttemptPage): Promise<AttemptRecord[]> {
    return this.reader.list(page);
  }

  history(attemptId: string): Promise<StkHistoryEntry[]> {
    return this.context.database.read((session) => readHistory(session, this.context, attemptId));
  }

  callbacks(attemptId: string): Promise<StoredCallback[]> {
    return this.context.database.read((session) => readCallbacks(session, this.context, attemptId));
  }

  async claimDue(claim: { limit: number; leaseMs: number }): Promise<AttemptRecord[]> {
    const due = await claimDueAttempts(this.context, this.reader, claim);
    for (const { id } of due) this.commits.next(id);
    return due;
  }

  accountsToAsk(page: { after: string | null; limit: number }): Promise<string[]> {
    return accountsToAsk(this.context, page);
  }

  async claimQuery(claim: { account: string; leaseMs: number }): Promise<AttemptRecord | null> {
    const claimed = await claimQuery(this.context, this.reader, claim);
    if (claimed) this.commits.next(claimed.id);
    return claimed;
  }

  subscribe(handlers: ReadonlyMap<string, readonly string[]>): Promise<void> {
    return this.context.database.transaction(
      (session) => subscribe(session, this.context, handlers),
      SUBSCRIBE_LIMIT_MS,
    );
  }

  async claimEvents(claim: EventClaim): Promise<EventDelivery[]> {
    const deliveries = await this.deliveries.claim(claim);
    if (deliveries.length > 0) await failpoint('events.claimed');
    return deliveries;
  }

  async acknowledge(delivery: EventDelivery, outcome: DeliveryOutcome): Promise<boolean> {
    await failpoint('event.acknowledge');
    const held = await this.deliveries.acknowledge(delivery, outcome);
    await failpoint('event.acknowledged');
    return held;
  }

  renew(delivery: EventDelivery, leaseMs: number): Promise<boolean> {
    return this.deliveries.renew(delivery, leaseMs);
  }

  deadEvents(limit: number): Promise<DeadDelivery[]> {
    return this.deliveries.deadEvents(limit);
  }

  countDeadEvents(): Promise<number> {
    return this.deliveries.countDead();
  }

  lag(): Promise<StoreLag> {
    return readLag(this.context);
  }

  forgetHandler(handler: string): Promise<number> {
    return this.context.database.transaction(
      (session) => forgetHandler(session, this.context, handler),
      SUBSCRIBE_LIMIT_MS,
    );
  }

  redrive({ eventId, handler }: { eventId: string; handler: string }): Promise<boolean> {
    return this.deliveries.redrive(eventId, handler);
  }
}
