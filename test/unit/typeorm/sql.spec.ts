import { postgresDialect } from '../../../lib/typeorm/dialects/postgres.dialect.js';
import { sqliteDialect } from '../../../lib/typeorm/dialects/sqlite.dialect.js';
import { join, parameters, raw, render, sql } from '../../../lib/typeorm/sql.js';

describe('sql', () => {
  const statement = sql`SELECT ${raw('a')} FROM t WHERE x = ${1} AND (${sql`y = ${"it's"}`}) OR z IN (${parameters([true, null])})`;

  it('makes parameters of values, and text of SQL, in the order of the text', () => {
    expect(render(statement, postgresDialect)).toEqual({
      text: 'SELECT a FROM t WHERE x = $1 AND (y = $2) OR z IN ($3, $4)',
      parameters: [1, "it's", true, null],
    });
  });

  it('has one placeholder for all where the database counts', () => {
    expect(render(statement, sqliteDialect).text).toBe(
      'SELECT a FROM t WHERE x = ? AND (y = ?) OR z IN (?, ?)',
    );
  });

  it('gives SQLite numbers for what is true or false, as one of its drivers takes nothing else', () => {
    expect(render(statement, sqliteDialect).parameters).toEqual([1, "it's", 1, null]);
  });

  it('joins parts, also one and none', () => {
    const text = (parts: number[]) =>
      render(
        sql`<${join(
          parts.map((part) => sql`${part}`),
          ' AND ',
        )}>`,
        postgresDialect,
      ).text;
    expect([text([]), text([1]), text([1, 2, 3])]).toEqual(['<>', '<$1>', '<$1 AND $2 AND $3>']);
  });
});
