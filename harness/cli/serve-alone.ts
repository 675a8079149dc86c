/** `--server-only`: one ticket server with what it needs, as one would deploy it. */
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { Interrupt } from "../../sim/cli/interrupt.ts";
import type { Output } from "../../sim/cli/output.ts";
import { ChildFailed } from "../processes/child.ts";
import { openSale } from "../session/observers.ts";
import type { Observers } from "../session/observers.ts";
import { RunFolder } from "../session/run-folder.ts";
import { Stack } from "../session/stack.ts";
import { alone } from "./alone.ts";
import { listenForEnd } from "./end-signals.ts";
import { ALONE_PORT_DEFAULT } from "./options.ts";
import type { Options } from "./options.ts";
import type { RunToPlay } from "./resolve.ts";
import { statLogOf } from "./stat-log.ts";

const LOOK_EVERY_MS = 100;

/** Serves until a signal comes; then it drains. @returns the exit code. */
export async function serveAlone(
  options: Options,
  { config: planned, strategy }: RunToPlay,
  output: Output,
): Promise<number> {
  const config = alone(planned);
  const { scenario } = config;
  const folder = new RunFolder(options.out);
  const interrupt = new Interrupt();
  const stopListening = listenForEnd(interrupt);
  const stack = new Stack({
    config,
    strategy,
    saleId: scenario.name,
    folder,
    db: options.db,
    port: options.port ?? ALONE_PORT_DEFAULT,
    interrupt,
    ...(options.redis !== null && { redis: { ...options.redis, cluster: false } }),
    production: options.production,
    statLog: statLogOf(options),
    hasNginx: false,
    note: (line) => output.note(line),
  });
  let observers: Observers | null = null;
  try {
    await stack.start(async () => {
      observers = await openSale(stack, strategy, scenario.name);
    });
    const [{ url }] = stack.servingServers;
    if (options.json) output.print([JSON.stringify({ ready: true, url, sale: scenario.name })]);
    else
      output.print([
        `ticket server on ${url}: sale ${scenario.name}, ${scenario.sale.tickets} tickets`,
        `  curl -X POST ${url}/buy/ticket`,
        "Ctrl-C lets it finish what it has begun, and ends it.",
      ]);
    const { defects } = stack.supervisor;
    while (!interrupt.requested && defects.length === 0) await sleep(LOOK_EVERY_MS);
    if (defects.length > 0) throw new ChildFailed(defects.join("; "));
    return EXIT.passed;
  } finally {
    await (observers as Observers | null)?.close();
    await stack.stop();
    folder.remove();
    stopListening();
  }
}
