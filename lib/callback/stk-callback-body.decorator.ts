import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { StkCallbackRequest } from './stk-callback-request.js';

/** What Express and Fastify requests have in common. */
interface HttpRequest {
  params: Record<string, string | undefined>;
  body: unknown;
  rawBody?: Uint8Array;
  ip?: string;
}

/**
 * The callback that a method with `@StkCallbackRoute()` was called for, as `StkCallbackService.receive()`
 * takes it. Type the parameter `StkCallbackRequest`.
 * @publicApi
 */
export const StkCallbackBody: () => ParameterDecorator = createParamDecorator(
  (_data: undefined, context: ExecutionContext): StkCallbackRequest => {
    const { params, body, rawBody, ip } = context.switchToHttp().getRequest<HttpRequest>();
    return { token: params.token ?? '', body, rawBody, sourceIp: ip ?? null };
  },
);
