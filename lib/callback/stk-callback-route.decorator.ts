import {
  applyDecorators,
  HttpCode,
  HttpStatus,
  Post,
  Res,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { NOT_IN_OPEN_API } from '../open-api.js';
import { StkCallbackReplyInterceptor } from './stk-callback-reply.interceptor.js';

/** Only what is awaited can be answered truthfully: a method that returns no promise does not compile. */
type StkCallbackHandler = (...args: never[]) => Promise<unknown>;

/**
 * Makes a controller's method the route that Daraja posts to: `POST <controller path>/:token`. It answers
 * by itself, `200 {"ResultCode":0,"ResultDesc":"Accepted"}` once the method's promise resolves, 503 when it
 * rejects; what the method returns is ignored, and global interceptors and exception filters cannot change
 * the answer. It is left out of an OpenAPI document. Put your guard's `@Public()` on it, or on the controller.
 *
 * ```ts
 * @StkCallbackRoute()
 * receive(@StkCallbackBody() callback: StkCallbackRequest) {
 *   return this.callbacks.receive(callback);
 * }
 * ```
 * @publicApi
 */
export function StkCallbackRoute() {
  return callbackRoute(':token');
}

/** The same, at these paths. */
export function callbackRoute(path: string | string[]) {
  return <T extends StkCallbackHandler>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): void => {
    applyDecorators(
      Post(path),
      HttpCode(HttpStatus.OK),
      UseInterceptors(StkCallbackReplyInterceptor),
      SetMetadata(...NOT_IN_OPEN_API),
    )(target, key, descriptor);
    leaveAnswerAlone(target, key, descriptor.value);
  };
}

/**
 * Nest answers with what the outermost interceptor returns, unless a parameter of the method is the
 * response: so one is declared, after those that the method has.
 */
function leaveAnswerAlone(
  target: object,
  key: string | symbol,
  method: StkCallbackHandler | undefined,
): void {
  const types: unknown = Reflect.getMetadata('design:paramtypes', target, key);
  const declared = Array.isArray(types) ? types.length : 0;
  Res()(target, key, Math.max(declared, method?.length ?? 0));
}
