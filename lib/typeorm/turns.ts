/** Lets one at a time in, in the order of asking. */
export class Turns {
  private last: Promise<void> = Promise.resolve();

  /** Resolves, when it is this one's turn, with the function that ends it. */
  take(): Promise<() => void> {
    const before = this.last;
    let end: () => void = () => undefined;
    this.last = new Promise((resolve) => {
      end = resolve;
    });
    return before.then(() => end);
  }
}

const all = new WeakMap<object, Turns>();

/** The turns on something that is shared: everybody who asks for the same gets the same. */
export function turnsOn(shared: object): Turns {
  const known = all.get(shared);
  if (known) return known;
  const fresh = new Turns();
  all.set(shared, fresh);
  return fresh;
}
