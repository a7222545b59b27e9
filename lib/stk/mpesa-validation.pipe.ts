import { Injectable, ValidationPipe } from '@nestjs/common';

/**
 * Nest's `ValidationPipe`, set up for `StkPushDto` and DTOs made of our validators: transforms, refuses
 * fields that the DTO does not have, converts no text to numbers, and answers 400 with one message a
 * field. Works with a global `ValidationPipe` before it and without one.
 *
 * ```ts
 * pay(@Body(MpesaValidationPipe) body: StkPushDto) { … }
 * ```
 * @publicApi
 */
@Injectable()
export class MpesaValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      stopAtFirstError: true,
      // Otherwise a body from one's own browser is echoed into whatever logs the exception.
      validationError: { target: false, value: false },
    });
  }
}
