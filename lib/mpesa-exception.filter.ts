import { STATUS_CODES } from 'node:http';
import type { ArgumentsHost, HttpServer } from '@nestjs/common';
import { Catch, HttpException, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { throwError } from 'rxjs';
import { httpAnswerOf } from './mpesa-http-answer.js';
import { MpesaError } from './mpesa.error.js';

/** Stands for every MpesaError in `@Catch()`, also one of the other build (ESM, CommonJS). */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- what @Catch() takes is a class
abstract class AnyMpesaError {
  static [Symbol.hasInstance](error: unknown): boolean {
    return MpesaError.is(error);
  }
}

/**
 * Answers an `MpesaError` of a controller with its HTTP status and
 * `{ statusCode, error, code, message, retryable }`; adds `Retry-After` where it is known how long to
 * wait. A client learns nothing of our configuration: the text of a 5xx is a general one, and the
 * error itself is logged. Errors of other kinds are left to other filters.
 *
 * As `{ provide: APP_FILTER, useClass: MpesaExceptionFilter }`, `@UseFilters(MpesaExceptionFilter)` or
 * `app.useGlobalFilters(new MpesaExceptionFilter(app.getHttpAdapter()))`, on Express and Fastify.
 * @publicApi
 */
@Catch(AnyMpesaError)
export class MpesaExceptionFilter extends BaseExceptionFilter<MpesaError> {
  private readonly log = new Logger(MpesaExceptionFilter.name);

  /** Answers, and logs what is answered as a 5xx. */
  override catch(error: MpesaError, host: ArgumentsHost): void {
    // A message broker's or a GraphQL handler's error is none of HTTP's: passed on as it is.
    if (host.getType<string>() === 'rpc') return throwError(() => error) as never;
    if (host.getType<string>() !== 'http') throw error;

    const { status, message, retryAfterSeconds } = httpAnswerOf(error);
    if (status >= 500)
      this.log.error(`${error.code}: ${error.message} (${error.docs})`, error.stack);
    if (retryAfterSeconds !== null) this.setRetryAfter(host, retryAfterSeconds);
    const { code, retryable } = error;
    const body = { statusCode: status, error: STATUS_CODES[status], code, message, retryable };
    super.catch(new HttpException(body, status) as never, host);
  }

  private setRetryAfter(host: ArgumentsHost, seconds: number): void {
    const adapter: HttpServer | undefined =
      this.applicationRef ?? this.httpAdapterHost?.httpAdapter;
    const response: unknown = host.switchToHttp().getResponse();
    if (adapter && !adapter.isHeadersSent(response)) {
      adapter.setHeader(response, 'Retry-After', String(seconds));
    }
  }
}
