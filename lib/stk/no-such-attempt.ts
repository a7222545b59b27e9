import { StkInvalidInputError } from './stk.errors.js';

/** What a caller is told whose attempt id leads nowhere. */
export const noSuchAttempt = (): StkInvalidInputError =>
  new StkInvalidInputError([
    { field: 'attemptId', message: 'must be the id of an attempt: none has this one' },
  ]);
