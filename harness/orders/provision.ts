/**
 * The order database of one sale, for `--db`, in a process of its own:
 *
 * - `auto`: DATABASE_URL if it is set; else a PostgreSQL server on a temporary folder if
 *   PostgreSQL is installed; else PGlite;
 * - `postgres`: such a server, installed if need be;
 * - `pglite`: PGlite;
 * - a URL: the PostgreSQL there, in a schema of the sale's own.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { guardFolder, releaseFolder } from "../processes/guard.ts";
import { ChildFailed, startChild } from "../processes/child.ts";
import type { Child } from "../processes/child.ts";
import { hasPostgres, startPostgres } from "./postgres-server.ts";
import { schemaName } from "./schema.ts";
import type { OrderStoreAddress } from "./store-client.ts";
import type { StoreConfig, StoreReady } from "./store-main.ts";
import { withoutPassword } from "./without-password.ts";

export interface OrderStoreOptions {
  /** `auto`, `postgres`, `pglite`, or the URL of a PostgreSQL database. */
  readonly db: string;
  readonly tickets: number;
  /** For the store's configuration and log. */
  readonly directory: string;
  /** Names the schema, so that sales on one server do not meet. */
  readonly saleId?: string;
  /** The tables stay in the database that `db` or DATABASE_URL names. */
  readonly keep?: boolean;
  readonly connections?: number;
  readonly queueLimit?: number;
}

export interface RunningOrderStore {
  readonly address: OrderStoreAddress;
  /** Which database it is, for people. */
  readonly describe: string;
  readonly child: Child<StoreReady>;
  /** Nothing commits from now on, and nobody gets an answer. */
  stall(): void;
  resume(): void;
  /** Ends the process, then the server that was started for it, and removes their folders. */
  stop(): Promise<void>;
}

const STOP_MS = 15_000;

/**
 * @throws UsageError, MissingProgram, or EnvironmentError if the database cannot be used.
 */
export async function startOrderStore(options: OrderStoreOptions): Promise<RunningOrderStore> {
  const { tickets, directory, saleId = "sale" } = options;
  const database = await provision(options.db);
  // Not in `directory`, whose path may be too long for a socket.
  const socketFolder = mkdtempSync(join(tmpdir(), "onceonly-orders-"));
  guardFolder(socketFolder);
  const address = { socketPath: join(socketFolder, "store.sock") };
  const config: StoreConfig = {
    address,
    database: database.where,
    tickets,
    schema: schemaName(saleId),
    keep: options.keep ?? false,
    connections: options.connections ?? 20,
    queueLimit: options.queueLimit ?? 2000,
  };
  const cleanUp = async (): Promise<void> => {
    await database.stop();
    rmSync(socketFolder, { recursive: true, force: true });
    releaseFolder(socketFolder);
  };
  let child: Child<StoreReady>;
  try {
    const entry = new URL("store-main.ts", import.meta.url);
    child = await startChild<StoreReady>({ name: "order-store", entry, config, directory });
  } catch (error) {
    await cleanUp();
    throw error instanceof ChildFailed ? new EnvironmentError(error.message) : error;
  }
  return {
    address,
    describe: `${child.ready.describe}${database.note}`,
    child,
    stall: () => child.signal("SIGSTOP"),
    resume: () => child.signal("SIGCONT"),
    async stop() {
      // A stalled process hears nothing but SIGKILL.
      child.signal("SIGCONT");
      child.signal("SIGTERM");
      const patience = new AbortController();
      const late = sleep(STOP_MS, true, { signal: patience.signal }).catch(() => false);
      if ((await Promise.race([child.exited, late])) === true) child.signal("SIGKILL");
      patience.abort();
      await child.exited;
      await cleanUp();
    },
  };
}

interface Database {
  readonly where: StoreConfig["database"];
  /** What people should know beside what the database says of itself. */
  readonly note: string;
  stop(): Promise<void>;
}

async function provision(db: string): Promise<Database> {
  const url = process.env["DATABASE_URL"] ?? "";
  if (db === "auto" && url !== "") return given(url, "DATABASE_URL");
  if (db === "postgres" || (db === "auto" && hasPostgres())) {
    const server = await startPostgres();
    const note = ", started on a temporary folder without fsync";
    return { where: { url: server.url }, note, stop: () => server.stop() };
  }
  if (db === "pglite" || db === "auto") return pglite();
  return given(db, "--db");
}

function given(url: string, source: string): Database {
  if (!/^postgres(ql)?:\/\//u.test(url)) {
    throw new UsageError(
      `${source}: expected auto, postgres, pglite or a URL as ` +
        `postgresql://user@host/database, got ${JSON.stringify(withoutPassword(url))}`,
    );
  }
  return { where: { url }, note: `, from ${source}`, stop: async () => {} };
}

function pglite(): Database {
  const folder = mkdtempSync(join(tmpdir(), "onceonly-pglite-"));
  guardFolder(folder);
  return {
    where: { folder },
    note: ", without fsync",
    async stop() {
      rmSync(folder, { recursive: true, force: true });
      releaseFolder(folder);
    },
  };
}
