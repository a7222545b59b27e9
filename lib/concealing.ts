const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** The object, frozen, with `***` for its secrets where it is logged or turned into JSON. */
export function concealing<T extends object>(object: T, secrets: (keyof T)[]): Readonly<T> {
  const shown = (): unknown => ({
    ...object,
    ...Object.fromEntries(secrets.map((name) => [name, '***'])),
  });
  Object.defineProperties(object, { toJSON: { value: shown }, [INSPECT]: { value: shown } });
  return Object.freeze(object);
}
