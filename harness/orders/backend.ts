/** What the order store needs of a database: PostgreSQL and PGlite give the same. */
import type { Row, RunStatement } from "./transactions.ts";
import type { Statement } from "./statements.ts";

export interface Backend {
  /** Which database it is, for people: "PostgreSQL 15.13 at ...". */
  readonly describe: string;
  /** Transactions that it runs at once. */
  readonly connections: number;
  /**
   * Runs `work` in one transaction at READ COMMITTED and commits if it says so. Rejects with the
   * database's error, whose `code` is an SQLSTATE.
   */
  transaction<T extends { readonly commits: boolean }>(
    work: (run: RunStatement) => Promise<T>,
  ): Promise<T>;
  /** One statement by itself. */
  query(statement: Statement): Promise<Row[]>;
  /** Ends the connections; drops the sale's tables if they are not to be kept. */
  close(): Promise<void>;
}

export interface BackendOptions {
  readonly tickets: number;
  /** The schema that the tables are made in; it must not be there yet. */
  readonly schema: string;
  /** True if the tables stay when the backend is closed. */
  readonly keep: boolean;
}
