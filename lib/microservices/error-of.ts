/**
 * An error to log and store. Nest's clients reject with text, and with objects that hold the error beside
 * the broker's address, password and all: that is never shown.
 */
export function errorOf(rejection: unknown): Error {
  if (rejection instanceof Error) return rejection;
  if (typeof rejection === 'string') return new Error(rejection);
  const { err } = (rejection ?? {}) as { err?: unknown };
  return err instanceof Error ? err : new Error('The client of the broker gave no reason');
}
