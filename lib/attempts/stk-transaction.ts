/**
 * A transaction of the caller's own, in which `StkService.prepare()` can write. What it is, the
 * persistence says: with `nestjs-mpesa/typeorm` it is TypeORM's `EntityManager`.
 * @publicApi
 */
// Empty, so that a persistence can say what it is by declaration merging.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface StkTransaction {}
