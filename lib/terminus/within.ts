/** What the promise resolves with; null where it rejects, or is not settled in time. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(null);
    }, ms);
    promise
      .then(resolve, () => {
        resolve(null);
      })
      .finally(() => {
        clearTimeout(timer);
      });
  });
}
