/** What a statement takes as a parameter. */
export type SqlParameter = string | number | boolean | null;

/** A piece of SQL with its parameters apart from the text. */
export class Sql {
  constructor(
    readonly texts: readonly string[],
    readonly values: readonly (SqlParameter | Sql)[],
  ) {}
}

/** A piece of SQL: what is interpolated becomes a parameter, or, being SQL itself, a part of it. */
export const sql = (texts: TemplateStringsArray, ...values: (SqlParameter | Sql)[]): Sql =>
  new Sql(texts, values);

/** Text that is SQL as it stands: names of ours, never anything from outside. */
export const raw = (text: string): Sql => new Sql([text], []);

/** The parts with the separator between them. */
export const join = (parts: readonly Sql[], separator = ', '): Sql =>
  new Sql([...parts.map((_part, index) => (index === 0 ? '' : separator)), ''], parts);

/** Parameters with commas between them, for `IN (…)`. */
export const parameters = (values: readonly SqlParameter[]): Sql =>
  join(values.map((value) => sql`${value}`));

/** The text with a placeholder for each parameter, and the parameters in that order. */
export function render(
  statement: Sql,
  dialect: { placeholder(position: number): string; parameter(value: SqlParameter): SqlParameter },
): { text: string; parameters: SqlParameter[] } {
  const found: SqlParameter[] = [];
  const textOf = ({ texts, values }: Sql): string =>
    texts.reduce((text, next, index) => {
      const value = values[index - 1];
      if (value instanceof Sql) return text + textOf(value) + next;
      found.push(dialect.parameter(value as SqlParameter));
      return text + dialect.placeholder(found.length) + next;
    });
  return { text: textOf(statement), parameters: found };
}
