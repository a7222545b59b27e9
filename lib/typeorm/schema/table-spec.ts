/**
 * What a column holds. `id`: a short opaque text; `text`: one of any length; `seq`: a number that the
 * database counts up; `instant`: a time, in UTC, to the ms.
 */
export type ColumnKind = 'id' | 'text' | 'integer' | 'bigint' | 'seq' | 'boolean' | 'instant';

/** How TypeORM declares a column on one database. */
export interface PhysicalColumn {
  type:
    | 'varchar'
    | 'text'
    | 'int'
    | 'integer'
    | 'bigint'
    | 'boolean'
    | 'tinyint'
    | 'datetime'
    | 'timestamptz';
  precision?: number;
  width?: number;
}

export interface ColumnSpec {
  kind: ColumnKind;
  /** Of an `id`, in characters. */
  length?: number;
  nullable?: boolean;
  primary?: boolean;
}

export interface IndexSpec {
  /** Behind the table's name. */
  name: string;
  columns: readonly string[];
  unique?: boolean;
  /** Which rows are looked for by it: others are left out of it, where the database can. */
  where?: string;
}

export interface TableSpec {
  /** By the name of the column. */
  columns: Readonly<Record<string, ColumnSpec>>;
  indexes: readonly IndexSpec[];
}

export type TableName =
  | 'attempt'
  | 'evidence'
  | 'settlement'
  | 'event'
  | 'handler'
  | 'delivery'
  | 'processed_event'
  | 'access_token'
  | 'rate_limit';
