/**
 * Schemas that nobody will drop any more, because the process that was to do it was killed. Each
 * says in its comment whose it is; one that is to be kept says nothing, and stays.
 */
import type pg from "pg";
import { isSurelyGone, ownIdentity } from "../processes/identity.ts";

const MARK = "onceonly: goes with process ";
/** Somebody may be looking at its tables: then it stays for now. */
const LOCK_TIMEOUT_MS = 2000;

/** The statement that says that the schema goes with this process. */
export function markAsOwn(schema: string): string {
  const identity = ownIdentity();
  return identity === null ? "" : `COMMENT ON SCHEMA ${schema} IS '${MARK}${identity}';`;
}

/** Drops the schemas of this database user whose processes are surely gone. */
export async function dropLeftovers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ schema: string; comment: string }>(
    `SELECT quote_ident(nspname) AS schema, obj_description(oid, 'pg_namespace') AS comment
     FROM pg_namespace
     WHERE nspowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
       AND starts_with(obj_description(oid, 'pg_namespace'), $1)`,
    [MARK],
  );
  for (const { schema, comment } of rows)
    if (isSurelyGone(comment.slice(MARK.length))) await drop(client, schema, comment);
}

/** Others may do the same at the same time, and have made a new one of that name since. */
async function drop(client: pg.Client, schema: string, comment: string): Promise<void> {
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
      SELECT pg_advisory_xact_lock(hashtext('${MARK}'))`);
    const { rows } = await client.query(
      `SELECT FROM pg_namespace
       WHERE quote_ident(nspname) = $1 AND obj_description(oid, 'pg_namespace') = $2`,
      [schema, comment],
    );
    if (rows.length === 1) await client.query(`DROP SCHEMA ${schema} CASCADE`);
    await client.query("COMMIT");
  } catch {
    await client.query("ROLLBACK");
  }
}
