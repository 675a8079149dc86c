/** Order stores on both databases, for tests. */
import { PGlite } from "@electric-sql/pglite";
import type { Backend } from "../backend.ts";
import { openBook } from "../pglite-backend.ts";
import { openPostgres } from "../postgres-backend.ts";
import { startPostgres } from "../postgres-server.ts";
import type { RunningPostgres } from "../postgres-server.ts";

export const DATABASES = ["PostgreSQL", "PGlite"] as const;
export const CONNECTIONS = 20;

/** Opens empty books, one at a time; `close` ends the databases that it started. */
export class TestDatabases {
  #postgres: Promise<RunningPostgres> | null = null;
  #pglite: Promise<PGlite> | null = null;
  #books = 0;
  #book: Backend | null = null;

  /** Of the book that is open. */
  get schema(): string {
    return `test_${this.#books}`;
  }

  /** Ends the book that was opened before. */
  async open(database: (typeof DATABASES)[number], tickets: number): Promise<Backend> {
    await this.#book?.close();
    this.#books += 1;
    const options = { tickets, schema: this.schema, keep: false };
    if (database === "PGlite") {
      this.#pglite ??= PGlite.create();
      this.#book = await openBook(await this.#pglite, options);
    } else {
      const url = await this.postgresUrl();
      this.#book = await openPostgres({ ...options, url, connections: CONNECTIONS });
    }
    return this.#book;
  }

  async postgresUrl(): Promise<string> {
    this.#postgres ??= startPostgres();
    return (await this.#postgres).url;
  }

  async close(): Promise<void> {
    await this.#book?.close();
    await (await this.#postgres)?.stop();
    await (await this.#pglite)?.close();
  }
}
