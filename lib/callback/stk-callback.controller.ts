import { Controller, type Type, VERSION_NEUTRAL } from '@nestjs/common';
import { StkCallbackBody } from './stk-callback-body.decorator.js';
import { type StkCallbackReceipt, StkCallbackService } from './stk-callback.service.js';
import type { StkCallbackRequest } from './stk-callback-request.js';
import { callbackRoute } from './stk-callback-route.decorator.js';

/**
 * Makes the callback controller of one module: a class of its own, so that neither the path nor the
 * decorators of one application show in another. Outside URI versioning, as the URL has been given to
 * Daraja.
 *
 * @param path without the global prefix
 * @param decorators applied to the class: what opens the route in the host's guards
 */
export function createStkCallbackController(
  path: string,
  decorators: readonly ClassDecorator[] = [],
): Type<unknown> {
  @Controller({ path, version: VERSION_NEUTRAL })
  class StkCallbackController {
    constructor(private readonly callbacks: StkCallbackService) {}

    // A callback that lost its token on the way is one too many to lose without a trace.
    @callbackRoute([':token', ''])
    receive(@StkCallbackBody() callback: StkCallbackRequest): Promise<StkCallbackReceipt> {
      return this.callbacks.receive(callback);
    }
  }
  // As if they stood above @Controller(): the lowest is applied first.
  for (const decorate of [...decorators].reverse()) decorate(StkCallbackController);
  return StkCallbackController;
}
