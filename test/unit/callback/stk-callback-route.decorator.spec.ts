import { RequestMethod } from '@nestjs/common';
import { StkCallbackRoute } from '../../../lib/callback/stk-callback-route.decorator.js';

class Awaited {
  @StkCallbackRoute()
  receive(): Promise<void> {
    return Promise.resolve();
  }
}

class Forgotten {
  // @ts-expect-error -- A method that returns nothing would be answered before anything is stored.
  @StkCallbackRoute()
  receive(): void {}
}

describe('@StkCallbackRoute()', () => {
  it.each([Awaited, Forgotten])('makes the method the route POST :token', ({ prototype }) => {
    expect(Reflect.getMetadata('path', prototype.receive)).toBe(':token');
    expect(Reflect.getMetadata('method', prototype.receive)).toBe(RequestMethod.POST);
  });
});
