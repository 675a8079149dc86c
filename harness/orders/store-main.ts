/**
 * The order-store process: the one that has the order book's database open.
 *
 * SIGTERM ends it after what is under way; SIGSTOP and SIGCONT stall the database for everybody.
 */
import { readFileSync } from "node:fs";
import type { Backend } from "./backend.ts";
import { OrderStore } from "./order-store.ts";
import { openPglite } from "./pglite-backend.ts";
import { openPostgres } from "./postgres-backend.ts";
import type { OrderStoreAddress } from "./store-client.ts";
import { serveOrderStore } from "./store-server.ts";

export interface StoreConfig {
  readonly address: OrderStoreAddress;
  readonly database: { readonly url: string } | { readonly folder: string };
  readonly tickets: number;
  readonly schema: string;
  /** The sale's tables stay in the database at the end. */
  readonly keep: boolean;
  /** To PostgreSQL; PGlite has one. */
  readonly connections: number;
  /** Calls that wait for a connection; more are refused. */
  readonly queueLimit: number;
}

export interface StoreReady {
  readonly ready: true;
  /** Which database it is, for people. */
  readonly describe: string;
}

async function main(config: StoreConfig): Promise<void> {
  const backend = await open(config);
  const store = new OrderStore(backend, config.queueLimit);
  const server = await serveOrderStore(store, config.address.socketPath);
  process.once("SIGTERM", () => {
    server
      .close()
      .then(() => backend.close())
      .catch(fail);
  });
  const ready: StoreReady = { ready: true, describe: backend.describe };
  console.log(JSON.stringify(ready));
}

function open({ database, ...options }: StoreConfig): Promise<Backend> {
  return "url" in database
    ? openPostgres({ ...options, ...database })
    : openPglite({ ...options, ...database });
}

function fail(error: unknown): never {
  console.error((error as Error).message);
  process.exit(1);
}

await main(JSON.parse(readFileSync(process.argv[2], "utf8")) as StoreConfig).catch(fail);
