/**
 * What JSON can hold.
 * @publicApi
 */
export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * Plain JSON of the application's own; kept and handed back, never sent to Daraja.
 * @publicApi
 */
export type JsonObject = { [key: string]: JsonValue };
