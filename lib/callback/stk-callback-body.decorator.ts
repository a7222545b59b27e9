import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { takenBytes } from './callback-intake.js';
import type { StkCallbackRequest } from './stk-callback-request.js';

/** What Express and Fastify requests have in common. */
interface HttpRequest {
  params: Record<string, string | undefined>;
  body: unknown;
  rawBody?: Uint8Array;
  ip?: string;
  /** Of Fastify: Node's own request. */
  raw?: object;
}

/**
 * The callback that a method with `@StkCallbackRoute()` was called for, as `StkCallbackService.receive()`
 * takes it. Type the parameter `StkCallbackRequest`.
 * @publicApi
 */
export const StkCallbackBody: () => ParameterDecorator = createParamDecorator(
  (_data: undefined, context: ExecutionContext): StkCallbackRequest => {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const { params, body, rawBody, ip } = request;
    const token = params.token ?? '';
    const sourceIp = ip ?? null;
    const taken = takenBytes(request.raw ?? request);
    if (!taken) return { token, body, rawBody, sourceIp };
    return {
      token,
      body: undefined,
      rawBody: taken.bytes,
      problem: taken.problem ?? undefined,
      sourceIp,
    };
  },
);
