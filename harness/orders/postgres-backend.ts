/** The order book in PostgreSQL, on a pool of connections. */
import pg from "pg";
import type { Backend, BackendOptions } from "./backend.ts";
import { dropLeftovers, markAsOwn } from "./leftovers.ts";
import { createTables } from "./schema.ts";
import type { Statement } from "./statements.ts";
import type { Row } from "./transactions.ts";
import { withoutPassword } from "./without-password.ts";

/** SQLSTATE duplicate_schema. */
const DUPLICATE_SCHEMA = "42P06";
const CONNECT_TIMEOUT_MS = 10_000;

/** The sale cannot have its tables there; the message says why, and what to do. */
export class DatabaseUnusable extends Error {
  override readonly name = "DatabaseUnusable";
}

/**
 * Makes the tables and connects.
 * @throws DatabaseUnusable
 */
export async function openPostgres(
  options: BackendOptions & { readonly url: string; readonly connections: number },
): Promise<Backend> {
  const { url, connections, schema, tickets, keep } = options;
  const version = await withClient(url, async (client) => {
    try {
      await dropLeftovers(client);
      // Together they are one transaction.
      await client.query(`CREATE SCHEMA ${schema}; SET search_path TO ${schema};
        ${keep ? "" : markAsOwn(schema)}
        ${createTables(tickets)}`);
    } catch (error) {
      throw unusable(url, schema, error as Error);
    }
    const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
    return rows[0].server_version;
  });
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Connections are kept as long as the store lives.
    idleTimeoutMillis: 0,
    options: `-c search_path=${schema}`,
  });
  // An idle connection that breaks leaves the pool by itself; the next call gets a new one.
  pool.on("error", () => {});
  return {
    describe: `PostgreSQL ${version.split(" ")[0]} at ${withoutPassword(url)}, schema ${schema}`,
    connections,
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
        const outcome = await work((statement, values) => run(client, statement, values));
        await client.query(outcome.commits ? "COMMIT" : "ROLLBACK");
        client.release();
        return outcome;
      } catch (error) {
        // A connection that cannot even roll back is given up.
        await client.query("ROLLBACK").then(
          () => client.release(),
          () => client.release(true),
        );
        throw error;
      }
    },
    async query({ text }) {
      return (await pool.query<Row>(text)).rows;
    },
    async close() {
      await pool.end();
      if (!keep) {
        await withClient(url, (client) => client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`));
      }
    },
  };
}

async function run(
  client: pg.PoolClient,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  return (await client.query<Row>({ name, text, values: [...values] })).rows;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new DatabaseUnusable(
      `cannot reach PostgreSQL at ${withoutPassword(url)}: ${(error as Error).message}`,
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function unusable(url: string, schema: string, error: Error): DatabaseUnusable {
  const where = withoutPassword(url);
  if ((error as pg.DatabaseError).code === DUPLICATE_SCHEMA) {
    return new DatabaseUnusable(
      `there is a schema ${schema} at ${where} already; if nobody needs it: ` +
        `DROP SCHEMA ${schema} CASCADE`,
    );
  }
  return new DatabaseUnusable(`cannot make the tables at ${where}: ${error.message}`);
}
