/** What a ticket server process is told at its start: the JSON file that `main.ts` reads. */
import type { ServerConfig } from "../../core/strategy.ts";
import type { OrderStoreAddress } from "../orders/store-client.ts";
import type { RedisAddress } from "../redis/address.ts";
import type { StatLogForm } from "./stat-log.ts";

export interface TicketServerConfig {
  readonly host: string;
  /** 0 for any free one; the server says which when it is ready. */
  readonly port: number;
  readonly server: ServerConfig;
  /** A built-in name, or the path of a module. */
  readonly strategy: string;
  /** null for a strategy that keeps its stock in the order database. */
  readonly redis: RedisAddress | null;
  /** null for a strategy that keeps its stock in the counter. */
  readonly orderStore: OrderStoreAddress | null;
  /** Demands a Redis that keeps what it acknowledged when its process ends. */
  readonly production: boolean;
  readonly statLog: { readonly file: string; readonly form: StatLogForm } | null;
  /**
   * For calibration only: each purchase occupies the thread for so long before it is read, so that
   * service times stand out of the host's noise; but for one whose path has a query, with which the
   * server is warmed up. Absent: not at all.
   */
  readonly calibrationSpinUs?: number;
}

/** The first line that the process prints: it serves now. */
export interface TicketServerReady {
  readonly ready: true;
  readonly host: string;
  readonly port: number;
}
