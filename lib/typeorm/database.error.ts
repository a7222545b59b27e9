/**
 * - `unique`: a unique index refused a row.
 * - `conflict`: a deadlock, a serialisation failure, or a row that another transaction changed first.
 * - `lost`: the connection broke, or none could be had.
 * - `missing`: a table or a column is not there.
 * - `timeout`: no answer in time.
 * - `unprepared`: the connection does not know a statement that was prepared, or has another by its name.
 */
export type DatabaseProblem =
  'unique' | 'conflict' | 'lost' | 'missing' | 'timeout' | 'unprepared' | 'other';

/**
 * The database did not do what it was asked to. Carries neither statement nor parameters, as those
 * hold personal data.
 */
export class DatabaseError extends Error {
  constructor(
    readonly problem: DatabaseProblem,
    message: string,
  ) {
    super(message);
    this.name = 'DatabaseError';
  }
}

/** What a driver, or TypeORM around it, threw. */
export interface DriverError {
  code: string;
  message: string;
}

export function driverErrorOf(error: unknown): DriverError {
  const outer = (error ?? {}) as { driverError?: unknown };
  const { code, message } = (outer.driverError ?? outer) as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}
