/**
 * The order book in PGlite: PostgreSQL in WebAssembly, inside this process, in a folder.
 *
 * It runs one transaction at a time. It does not fsync, so that no order is promised to survive a
 * loss of power, and it does not lock its folder: two processes on one folder destroy it. The one
 * order-store process is therefore its only user.
 */
import { PGlite } from "@electric-sql/pglite";
import type { Backend, BackendOptions } from "./backend.ts";
import { createTables } from "./schema.ts";
import type { Row } from "./transactions.ts";

export async function openPglite(
  options: BackendOptions & { readonly folder: string },
): Promise<Backend> {
  const { folder } = options;
  const db = await PGlite.create(folder);
  const backend = await openBook(db, options);
  // What is to be kept or removed is the folder, by whoever made it.
  return { ...backend, close: () => db.close() };
}

/** A book in a database that is open already; another book in it ends this one's use. */
export async function openBook(db: PGlite, options: BackendOptions): Promise<Backend> {
  const { schema, tickets, keep } = options;
  await db.exec(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}; ${createTables(tickets)}`);
  const { rows } = await db.query<{ server_version: string }>("SHOW server_version");
  return {
    describe: `PGlite (PostgreSQL ${rows[0].server_version} in WebAssembly)`,
    connections: 1,
    transaction(work) {
      return db.transaction(async (transaction) => {
        const outcome = await work(
          async ({ text }, values) => (await transaction.query<Row>(text, [...values])).rows,
        );
        if (!outcome.commits) await transaction.rollback();
        return outcome;
      });
    },
    async query({ text }) {
      return (await db.query<Row>(text)).rows;
    },
    async close() {
      if (!keep) await db.exec(`DROP SCHEMA ${schema} CASCADE`);
    },
  };
}
