import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { STK_EVENTS } from '../attempts/events/stk-events.js';
import type { StkEvent } from '../attempts/events/stk-event.js';
import { describeError } from '../redaction/describe-error.js';
import type { StkHandler } from './stk-handler.js';

/**
 * Shows every event to the buses that the application has imported: to `@nestjs/event-emitter` under
 * the event's type (`stk.completed`), to `@nestjs/cqrs` by its class. Best effort: each event in one
 * process and normally once, after its commit; what a listener does with it, and whether it throws,
 * is never waited for and never repeated. Work that must happen belongs into `@OnStkEvent()`.
 *
 * A mirror is a handler of all events: so it needs no bookkeeping of its own. The buses are found by
 * their modules' names, as an application may have neither package.
 */
@Injectable()
export class StkEventMirrors {
  private readonly logger = new Logger(StkEventMirrors.name);

  constructor(private readonly discovery: DiscoveryService) {}

  find(): StkHandler[] {
    const emitter = this.provider('EventEmitterModule', isEventEmitter);
    const bus = this.provider('CqrsModule', isEventBus);
    return [
      // Not emit(): a listener that rejects would be an unhandled rejection.
      ...(emitter ? [this.mirror('event-emitter', (e) => emitter.emitAsync(e.type, e))] : []),
      ...(bus ? [this.mirror('cqrs', (e) => bus.publish(e))] : []),
    ];
  }

  /** The first one only: listeners are registered with every bus of the application. */
  private provider<T>(module: string, isBus: (instance: unknown) => instance is T): T | undefined {
    return this.discovery
      .getProviders()
      .filter(({ host, isAlias }) => host?.name === module && !isAlias)
      .map(({ instance }): unknown => instance)
      .find(isBus);
  }

  private mirror(name: string, send: (event: StkEvent) => unknown): StkHandler {
    const show = async (event: StkEvent) => {
      try {
        await send(event);
      } catch (error) {
        this.logger.error(`A listener of ${event.id} (${name}) failed: ${describeError(error)}`);
      }
    };
    return {
      id: `mirror:${name}`,
      types: STK_EVENTS.map(({ type }) => type),
      handle: (event) => {
        void show(event);
      },
    };
  }
}

interface EventEmitterLike {
  emitAsync(type: string, event: StkEvent): Promise<unknown>;
}

interface EventBusLike {
  publish(event: StkEvent): unknown;
}

const isEventEmitter = (instance: unknown): instance is EventEmitterLike =>
  hasMethods(instance, 'emitAsync', 'onAny');

const isEventBus = (instance: unknown): instance is EventBusLike =>
  hasMethods(instance, 'publish', 'publishAll');

const hasMethods = (instance: unknown, ...names: string[]): boolean =>
  names.every((name) => typeof (instance as Record<string, unknown> | null)?.[name] === 'function');
