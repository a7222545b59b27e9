import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { StkEvent } from '../attempts/events/stk-event.js';
import { MpesaConfigError, type MpesaConfigProblem } from '../mpesa-config.error.js';
import { getOnStkEventMetadata } from './on-stk-event.decorator.js';
import type { StkHandler } from './stk-handler.js';

type InstanceWrapper = ReturnType<DiscoveryService['getProviders']>[number];

interface FoundHandler extends StkHandler {
  /** Name of the module that provides it. */
  module: string;
  singleton: boolean;
}

/** Finds the methods with `@OnStkEvent()` in all providers and controllers of the application. */
@Injectable()
export class StkHandlerExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** Throws `MpesaConfigError` with every handler that cannot be one. */
  explore(): StkHandler[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    // One instance may be provided under several tokens.
    const byInstance = new Map<object, InstanceWrapper>();
    for (const wrapper of wrappers) {
      const instance: unknown = wrapper.isAlias ? null : wrapper.instance;
      if (typeof instance !== 'object' || instance === null) continue;
      if (!byInstance.has(instance)) byInstance.set(instance, wrapper);
    }
    const handlers = [...byInstance].flatMap(([instance, wrapper]) =>
      this.handlersOf(instance, wrapper),
    );
    const problems = [
      ...scopeProblems(handlers),
      ...formProblems(handlers),
      ...identityProblems(handlers),
    ];
    if (problems.length > 0) throw new MpesaConfigError(problems);
    return handlers;
  }

  private handlersOf(instance: object, wrapper: InstanceWrapper): FoundHandler[] {
    const prototype = Object.getPrototypeOf(instance) as object | null;
    if (!prototype) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((method) =>
      getOnStkEventMetadata(prototype, method).map(({ types, id }) => ({
        id: id ?? `${instance.constructor.name}.${method}`,
        types,
        handle: (event: StkEvent) =>
          (Reflect.get(instance, method) as StkHandler['handle']).call(instance, event),
        module: wrapper.host?.name ?? 'an unknown module',
        // A transient provider's own instance was never constructed.
        singleton: wrapper.isDependencyTreeStatic() && !wrapper.isTransient,
      })),
    );
  }
}

function scopeProblems(handlers: FoundHandler[]): MpesaConfigProblem[] {
  return handlers
    .filter(({ singleton }) => !singleton)
    .map(({ id }) => ({
      path: `@OnStkEvent ${id}`,
      message:
        'is request-scoped or transient, itself or by what is injected into it; an event has no ' +
        'request. Move the method to a singleton provider, and get what is request-scoped there ' +
        'with ModuleRef.resolve().',
    }));
}

/** An identity is a key in the store; mirrors of other buses and transports have theirs beside. */
function formProblems(handlers: FoundHandler[]): MpesaConfigProblem[] {
  return handlers
    .filter(({ id }) => !/^(?!mirror:|transport:)\S{1,128}$/.test(id))
    .map(({ id }) => ({
      path: `@OnStkEvent ${id}`,
      message:
        'is no identity for a handler: give { id } with 1 to 128 characters without spaces, not ' +
        'beginning with mirror: or transport:.',
    }));
}

function identityProblems(handlers: FoundHandler[]): MpesaConfigProblem[] {
  const modules = new Map<string, string[]>();
  for (const { id, module } of handlers) modules.set(id, [...(modules.get(id) ?? []), module]);
  return [...modules]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([id, sharing]) => ({
      path: `@OnStkEvent ${id}`,
      message:
        `${sharing.length} handlers have this identity (in ${sharing.join(', ')}). Provide the ` +
        'class in one module and export it from there, name all events in one @OnStkEvent(), or ' +
        "tell them apart with @OnStkEvent(…, { id: 'a-stable-name' }).",
    }));
}
