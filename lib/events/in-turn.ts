/**
 * Wraps `work`, which must not reject, so that one run follows the other. Those who call while a run
 * waits for its turn share that run, as it will see all that they know of.
 */
export function inTurn<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    if (!next) {
      next = last.then(() => {
        next = undefined;
        return work();
      });
      last = next;
    }
    return next;
  };
}
