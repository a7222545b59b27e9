import { keepSecret } from './known-secrets.js';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * The object, frozen, with `***` for its secrets where it is logged or turned into JSON. From then on
 * their values are blotted out of whatever else we log, unless they are of more objects than anybody
 * could remember.
 */
export function concealing<T extends object>(
  object: T,
  secrets: (keyof T)[],
  { remembered = true } = {},
): Readonly<T> {
  if (remembered)
    for (const value of secrets.flatMap((name): unknown[] => [object[name]].flat()))
      keepSecret(value);
  const shown = (): unknown => ({
    ...object,
    ...Object.fromEntries(secrets.map((name) => [name, '***'])),
  });
  Object.defineProperties(object, { toJSON: { value: shown }, [INSPECT]: { value: shown } });
  return Object.freeze(object);
}
