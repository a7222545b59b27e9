/** What a process holds, in MiB. */
export interface Held {
  /** Used heap, after a collection. */
  heapMiB: number;
  residentMiB: number;
}

/** What this process holds. */
export function held(): Held {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapMiB: heapUsed / 2 ** 20, residentMiB: rss / 2 ** 20 };
}
