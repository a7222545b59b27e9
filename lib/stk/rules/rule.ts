/**
 * Says what is wrong with a value, as the rest of a sentence that begins with the field's name
 * (`must be …`), or null where nothing is.
 */
export type Rule = (value: unknown) => string | null;
