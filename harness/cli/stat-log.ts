/** Where the published demo's stat.log goes: into --out, else where the command was started. */
import { resolve } from "node:path";
import type { TicketServerConfig } from "../ticket-server/config.ts";
import type { Options } from "./options.ts";

export function statLogOf({ statLog, out }: Options): TicketServerConfig["statLog"] {
  return statLog === null ? null : { file: resolve(out ?? ".", "stat.log"), form: statLog };
}
