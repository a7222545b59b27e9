import {
  type CallHandler,
  type ExecutionContext,
  HttpStatus,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { describeError, stackOf } from '../redaction/describe-error.js';
import { CALLBACK_ACCEPTED, CALLBACK_NOT_STORED, type CallbackAnswer } from './callback-answer.js';

/**
 * Answers Daraja on the HTTP adapter itself, as the innermost interceptor of its route: those around it
 * find the answer given, whatever they wrap, map or throw.
 */
@Injectable()
export class StkCallbackReplyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(StkCallbackReplyInterceptor.name);

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  async intercept(
    context: ExecutionContext,
    next: CallHandler<unknown>,
  ): Promise<Observable<CallbackAnswer>> {
    const stored = await this.isStored(next.handle());
    const answer = stored ? CALLBACK_ACCEPTED : CALLBACK_NOT_STORED;
    const status = stored ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    const response = context.switchToHttp().getResponse<unknown>();
    const { httpAdapter } = this.adapterHost;
    // A time-out of the application may have answered before us.
    if (!httpAdapter.isHeadersSent(response)) httpAdapter.reply(response, answer, status);
    // A copy: an interceptor around us may write to what it is given.
    return of({ ...answer });
  }

  private async isStored(outcome: Observable<unknown>): Promise<boolean> {
    try {
      await lastValueFrom(outcome, { defaultValue: undefined });
      return true;
    } catch (error) {
      const reason = describeError(error);
      this.logger.error(`A callback could not be stored; answered 503: ${reason}`, stackOf(error));
      return false;
    }
  }
}
