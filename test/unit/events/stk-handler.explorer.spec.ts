import { Controller, Inject, Injectable, Module, Scope, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { StkCompleted } from '../../../lib/attempts/events/stk-completed.event.js';
import { StkFailed } from '../../../lib/attempts/events/stk-failed.event.js';
import { OnStkEvent } from '../../../lib/events/on-stk-event.decorator.js';
import { StkHandlerExplorer } from '../../../lib/events/stk-handler.explorer.js';
import type { StkHandler } from '../../../lib/events/stk-handler.js';
import { MpesaConfigError } from '../../../lib/mpesa-config.error.js';

@Injectable()
class Checkout {
  readonly name = 'checkout';

  @OnStkEvent(StkCompleted, StkFailed, StkCompleted)
  ended(): string {
    return this.name;
  }

  notAHandler(): void {}
}

const event = {} as StkCompleted;

async function explore(
  providers: Provider[],
  more: { imports?: (typeof DiscoveryModule)[]; controllers?: (new () => object)[] } = {},
): Promise<StkHandler[]> {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule, ...(more.imports ?? [])],
    controllers: more.controllers ?? [],
    providers: [StkHandlerExplorer, ...providers],
  }).compile();
  return module.get(StkHandlerExplorer).explore();
}

const problemsOf = async (...given: Parameters<typeof explore>) => {
  const error: unknown = await explore(...given).catch((thrown: unknown) => thrown);
  if (!(error instanceof MpesaConfigError)) throw new Error('It was not refused');
  return error.problems;
};

describe('StkHandlerExplorer', () => {
  it('finds a method by its class and name, with each type once, and calls it on its instance', async () => {
    const handlers = await explore([Checkout]);
    expect(handlers).toEqual([
      expect.objectContaining({ id: 'Checkout.ended', types: ['stk.completed', 'stk.failed'] }),
    ]);
    expect(handlers[0]!.handle(event)).toBe('checkout');
  });

  it('takes the id that was given', async () => {
    class Shop {
      @OnStkEvent(StkCompleted, { id: 'orders/paid' })
      paid(): void {}
    }
    expect(await explore([Shop])).toEqual([expect.objectContaining({ id: 'orders/paid' })]);
  });

  it('finds handlers in controllers, values and factories', async () => {
    @Controller()
    class Orders {
      @OnStkEvent(StkCompleted)
      paid(): void {}
    }
    class Made {
      @OnStkEvent(StkCompleted)
      paid(): void {}
    }
    const providers = [
      { provide: 'VALUE', useValue: new Checkout() },
      { provide: 'FACTORY', useFactory: () => new Made() },
    ];
    const ids = (await explore(providers, { controllers: [Orders] })).map(({ id }) => id);
    expect(ids.sort()).toEqual(['Checkout.ended', 'Made.paid', 'Orders.paid']);
  });

  it('takes one instance under several tokens for one handler', async () => {
    const handlers = await explore([
      Checkout,
      { provide: 'ALIAS', useExisting: Checkout },
      { provide: 'SAME', useFactory: (checkout: Checkout) => checkout, inject: [Checkout] },
    ]);
    expect(handlers).toHaveLength(1);
  });

  it('passes over whatever else can be provided', async () => {
    const odd = [null, undefined, 'text', 5, Object.create(null), () => 1, Symbol('s'), class {}];
    const providers = odd.map((useValue, i) => ({
      provide: `odd ${i}`,
      useValue: useValue as unknown,
    }));
    expect(await explore(providers)).toEqual([]);
  });

  it('runs no getter', async () => {
    class Trap {
      get boom(): never {
        throw new Error('a getter was run');
      }
    }
    expect(await explore([Trap])).toEqual([]);
  });

  it('calls the override of a handler that a class inherits', async () => {
    class Special extends Checkout {
      override ended(): string {
        return 'special';
      }
    }
    const handlers = await explore([Special]);
    expect(handlers.map(({ id }) => id)).toEqual(['Special.ended']);
    expect(handlers[0]!.handle(event)).toBe('special');
  });

  it('finds a method which another decorator has replaced, and calls the replacement', async () => {
    const Transactional: MethodDecorator = (_target, _key, descriptor) => {
      const inner = descriptor.value as unknown as (...args: unknown[]) => unknown;
      const outer = (...args: unknown[]) => `in a transaction: ${String(inner(...args))}`;
      return { ...descriptor, value: outer as never };
    };
    class Ledger {
      @Transactional
      @OnStkEvent(StkCompleted)
      paid(): string {
        return 'paid';
      }
    }
    const handlers = await explore([Ledger]);
    expect(handlers.map(({ handle }) => handle(event))).toEqual(['in a transaction: paid']);
  });

  it('takes two decorators with ids of their own for two handlers', async () => {
    class Both {
      @OnStkEvent(StkCompleted, { id: 'a' })
      @OnStkEvent(StkFailed, { id: 'b' })
      on(): void {}
    }
    const handlers = await explore([Both]);
    expect(handlers).toEqual([
      expect.objectContaining({ id: 'a', types: ['stk.completed'] }),
      expect.objectContaining({ id: 'b', types: ['stk.failed'] }),
    ]);
  });

  it('refuses two handlers with one identity, and names their modules', async () => {
    @Module({ providers: [Checkout] })
    class OrdersModule {}
    @Module({ providers: [Checkout] })
    class AdminModule {}
    class Twice {
      @OnStkEvent(StkCompleted)
      @OnStkEvent(StkFailed)
      on(): void {}
    }
    const problems = await problemsOf([Twice], { imports: [OrdersModule, AdminModule] });
    expect(problems.map(({ path }) => path).sort()).toEqual([
      '@OnStkEvent Checkout.ended',
      '@OnStkEvent Twice.on',
    ]);
    expect(problems.find(({ path }) => path.endsWith('ended'))?.message).toMatch(
      /^2 handlers have this identity \(in OrdersModule, AdminModule\)\. Provide the class in one/,
    );
  });

  it.each(['', ' ', 'two words', 'line\nbreak', 'mirror:cqrs', 'x'.repeat(129)])(
    'refuses the id %j',
    async (id) => {
      class Odd {
        @OnStkEvent(StkCompleted, { id })
        on(): void {}
      }
      expect(await problemsOf([Odd])).toEqual([
        expect.objectContaining({ path: `@OnStkEvent ${id}` }),
      ]);
    },
  );

  it('refuses request-scoped and transient handlers, all at once, and says what to do', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {
      @OnStkEvent(StkCompleted)
      on(): void {}
    }
    @Injectable()
    class NeedsRequest {
      constructor(@Inject(PerRequest) readonly dependency: PerRequest) {}

      @OnStkEvent(StkCompleted)
      on(): void {}
    }
    @Injectable({ scope: Scope.TRANSIENT })
    class Transient {
      @OnStkEvent(StkCompleted)
      on(): void {}
    }
    const problems = await problemsOf([PerRequest, NeedsRequest, Transient, Checkout]);
    expect(problems.map(({ path }) => path)).toEqual([
      '@OnStkEvent PerRequest.on',
      '@OnStkEvent NeedsRequest.on',
      '@OnStkEvent Transient.on',
    ]);
    expect(problems[0]!.message).toMatch(/request-scoped or transient.*singleton.*ModuleRef/);
  });
});

describe('@OnStkEvent()', () => {
  it('refuses a static method, which no instance has', () => {
    expect(() => {
      class Wrong {
        @OnStkEvent(StkCompleted)
        static paid(): void {}
      }
      return Wrong;
    }).toThrow('@OnStkEvent() is for methods of instances; paid() is static.');
  });
});
