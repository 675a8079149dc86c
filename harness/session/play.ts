/** One run on real parts from nothing to its result; whatever happens, nothing of it stays. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Interrupt } from "../../sim/cli/interrupt.ts";
import type { Strategy } from "../../core/strategy.ts";
import type { RunConfig } from "../../sim/result.ts";
import { weightsOf } from "../../sim/scenario/slices.ts";
import { checkIsReal } from "../nemesis/real-faults.ts";
import { nginxVersion } from "../nginx/nginx-process.ts";
import { redisCounterOf } from "../redis/counter-client.ts";
import type { TicketServerConfig } from "../ticket-server/config.ts";
import type { RealResult } from "../verdict/result.ts";
import { summariseRun } from "../verdict/summarise.ts";
import { checkFitsOneMachine } from "./limits.ts";
import { openSale } from "./observers.ts";
import type { Observers } from "./observers.ts";
import type { RunFolder } from "./run-folder.ts";
import { SaleRun } from "./sale-run.ts";
import type { RealProgress } from "./sale-run.ts";
import { expectedSplit, measureSplit } from "./split.ts";
import type { Split } from "./split.ts";
import { Stack } from "./stack.ts";
import { buildTopology } from "../../sim/world/topology.ts";

const DEATH_NOTICE_MS = 500;

export interface PlayOptions {
  readonly config: RunConfig;
  readonly strategy: Strategy;
  readonly saleId: string;
  readonly folder: RunFolder;
  readonly db: string;
  readonly port: number;
  /** Whether a thousand requests show first how nginx spreads them. */
  readonly showsSplit: boolean;
  readonly interrupt: Interrupt;
  readonly statLog?: TicketServerConfig["statLog"];
  readonly note: (line: string) => void;
  readonly onSplit?: (split: Split) => void;
  readonly onProgress: (progress: RealProgress) => void;
}

/** The parts that a run was made of. */
export interface Parts {
  readonly nginx: string;
  /** null where the strategy needs none. */
  readonly orderDatabase: string | null;
  readonly serverPorts: readonly number[];
  readonly fronts: readonly string[];
  /** How often each ticket server and order worker was started: once, and after each death. */
  readonly starts: Readonly<Record<string, number>>;
}

export interface Played {
  readonly result: RealResult;
  readonly parts: Parts;
  /** null if it was not measured, or not to the end. */
  readonly split: Split | null;
}

/** @throws UsageError for a run that cannot be real. */
export function checkCanBeReal({ scenario, plan }: RunConfig, strategy: Strategy): void {
  if (strategy.authority === "counter") redisCounterOf(strategy);
  checkFitsOneMachine(scenario, buildTopology(scenario));
  checkIsReal(plan);
}

/**
 * @throws Interrupted before the sale begins (later a partial result comes), UsageError, MissingProgram,
 * EnvironmentError, ChildFailed, NginxFailed, NoFreePort
 */
export async function playForReal(options: PlayOptions): Promise<Played> {
  const { config, strategy, saleId, folder, interrupt, onProgress } = options;
  checkCanBeReal(config, strategy);
  folder.write("plan.json", `${JSON.stringify(config.plan, null, 2)}\n`);
  const stack = new Stack(options);
  let observers: Observers | null = null;
  try {
    await stack.start(async () => {
      observers = await openSale(stack, strategy, saleId);
    });
    const split = options.showsSplit ? await splitOf(stack, options) : null;
    interrupt.check();
    const run = new SaleRun({
      config,
      strategy,
      stack,
      observers: observers!,
      folder,
      interrupt,
      onProgress,
    });
    const real = await run.play();
    const result = withDefects(summariseRun(real), stack.supervisor.defects);
    return { result, parts: partsOf(stack), split };
  } finally {
    await (observers as Observers | null)?.close();
    await stack.stop();
  }
}

/** null if nobody can tell, as somebody outside has killed a server by then. */
async function splitOf(
  stack: Stack,
  { config, note, onSplit }: PlayOptions,
): Promise<Split | null> {
  const { deaths } = stack.supervisor;
  const { scenario } = config;
  const expected = expectedSplit(scenario, weightsOf(scenario));
  const measuring = measureSplit(stack.fronts[0], stack.serverPorts, expected);
  const [{ status }] = await Promise.allSettled([measuring]);
  if (status === "rejected" || !(await measuring).ok) {
    // The server's clients notice its death a moment before the harness does.
    await sleep(DEATH_NOTICE_MS);
    if (deaths.length > 0) {
      note("the split is not known, because a server was killed before it was measured to the end");
      return null;
    }
  }
  const split = await measuring;
  onSplit?.(split);
  return split;
}

function partsOf({ serverPorts, fronts, orderStore, servers, workers }: Stack): Parts {
  const machines = [...servers, ...workers].map(({ machine }) => machine);
  return {
    nginx: nginxVersion(),
    orderDatabase: orderStore?.describe ?? null,
    serverPorts,
    fronts,
    starts: Object.fromEntries(machines.map(({ name, incarnation }) => [name, incarnation + 1])),
  };
}

/** A process that ends itself has thrown: its engine broke its promise. */
function withDefects(result: RealResult, defects: readonly string[]): RealResult {
  if (defects.length === 0) return result;
  return {
    ...result,
    verdict: "violated",
    invariants: result.invariants.map((invariant) =>
      invariant.name === "conservation" && invariant.ok
        ? { ...invariant, ok: false, detail: defects.join("; ") }
        : invariant,
    ),
  };
}
