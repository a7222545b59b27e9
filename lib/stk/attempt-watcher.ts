import { Injectable } from '@nestjs/common';
import {
  concatMap,
  defer,
  distinctUntilChanged,
  filter,
  firstValueFrom,
  fromEvent,
  map,
  merge,
  NEVER,
  Observable,
  of,
  tap,
} from 'rxjs';
import { isSettled } from '../attempts/attempt-status.js';
import { AttemptStore } from '../attempts/attempt-store.js';
import { Clock } from '../attempts/clock.js';
import { toStkAttempt, type StkAttempt } from '../attempts/stk-attempt.js';
import { noSuchAttempt } from './no-such-attempt.js';
import { StkWaitTimeoutError } from './stk.errors.js';

/** How soon a change that another process made is seen, in ms. */
const POLL_MS = 1_000;

const DEFAULT_TIMEOUT_MS = 120_000;

/**
 * How long `StkService.waitFor()` waits, and what ends it before.
 * @publicApi
 */
export interface StkWaitOptions {
  /**
   * How long to wait, in ms.
   * @default 120000
   */
  timeoutMs?: number;
  /** Ends the waiting; `waitFor()` then throws the signal's reason. */
  signal?: AbortSignal;
}

/** Follows an attempt: at once where this process changes it, by looking every second elsewhere. */
@Injectable()
export class AttemptWatcher {
  constructor(
    private readonly store: AttemptStore,
    private readonly clock: Clock,
  ) {}

  watch(attemptId: string): Observable<StkAttempt> {
    const changed = this.store.commits.pipe(filter((id) => id === attemptId));
    return defer(() => merge(of(null), changed, this.every(POLL_MS))).pipe(
      concatMap(() => this.read(attemptId)),
      distinctUntilChanged((a, b) => a.version === b.version),
      map(toStkAttempt),
    );
  }

  async waitFor(attemptId: string, options: StkWaitOptions = {}): Promise<StkAttempt> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    signal?.throwIfAborted();
    let latest = toStkAttempt(await this.read(attemptId));
    signal?.throwIfAborted();
    const settled = this.watch(attemptId).pipe(
      tap((attempt) => (latest = attempt)),
      filter(({ status }) => isSettled(status)),
    );
    const timeout = this.every(timeoutMs).pipe(
      map(() => {
        throw new StkWaitTimeoutError(latest, timeoutMs);
      }),
    );
    const aborted = signal
      ? fromEvent(signal, 'abort').pipe(
          map(() => {
            throw signal.reason;
          }),
        )
      : NEVER;
    return firstValueFrom(merge(settled, timeout, aborted));
  }

  private async read(attemptId: string) {
    const record = await this.store.find(attemptId);
    if (record) return record;
    throw noSuchAttempt();
  }

  private every(ms: number): Observable<void> {
    return new Observable((subscriber) => {
      const tick = () => {
        cancel = this.clock.schedule(tick, ms);
        subscriber.next();
      };
      let cancel = this.clock.schedule(tick, ms);
      return () => {
        cancel();
      };
    });
  }
}
