/** `--ab`: the published demo's measurement with the real ab, through nginx and on one server. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { Interrupt } from "../../sim/cli/interrupt.ts";
import type { Output } from "../../sim/cli/output.ts";
import type { RunConfig } from "../../sim/result.ts";
import { NO_FAULTS } from "../../sim/faults/vocabulary.ts";
import { runAb as runProgram } from "../session/ab.ts";
import { readMetrics } from "../session/metrics-page.ts";
import { openSale } from "../session/observers.ts";
import type { Observers } from "../session/observers.ts";
import { RunFolder } from "../session/run-folder.ts";
import { Stack } from "../session/stack.ts";
import { abText, ARTICLE, articleFigure } from "./ab-text.ts";
import type { Measured } from "./ab-text.ts";
import { alone } from "./alone.ts";
import { listenForEnd } from "./end-signals.ts";
import { ALONE_PORT_DEFAULT, PORT_DEFAULT } from "./options.ts";
import type { Options } from "./options.ts";
import type { RunToPlay } from "./resolve.ts";
import { statLogOf } from "./stat-log.ts";

const REQUESTS = [1000, 10_000];
const CONCURRENCY = 100;

/** @returns the exit code: 1 if an answer was lost or wrong. */
export async function runAb(options: Options, run: RunToPlay, output: Output): Promise<number> {
  const folder = new RunFolder(options.out);
  const interrupt = new Interrupt();
  const stopListening = listenForEnd(interrupt);
  try {
    const config = { ...run.config, plan: NO_FAULTS };
    const throughNginx = await measure(options, run, config, folder, interrupt, output);
    const onOne = await measure(options, run, alone(config), folder, interrupt, output);
    const measured = [...throughNginx, ...onOne];
    const report = { schemaVersion: 1, article: ARTICLE, measured };
    if (options.json) output.print([JSON.stringify(report)]);
    else output.print(abText(measured, output.paint));
    if (options.out !== null) folder.write("ab.json", `${JSON.stringify(report, null, 2)}\n`);
    const wrong = measured.some(({ non2xx, broken }) => non2xx + broken > 0);
    return wrong ? EXIT.violated : EXIT.passed;
  } finally {
    folder.remove();
    stopListening();
  }
}

/** Both sizes, one after the other, on one sale: the second meets it sold out. */
async function measure(
  options: Options,
  { strategy }: RunToPlay,
  config: RunConfig,
  folder: RunFolder,
  interrupt: Interrupt,
  output: Output,
): Promise<Measured[]> {
  const isAlone = config.scenario.servers.count === 1;
  const saleId = isAlone ? "ab-alone" : "ab-nginx";
  const stack = new Stack({
    config,
    strategy,
    saleId,
    folder,
    db: options.db,
    port: isAlone ? ALONE_PORT_DEFAULT : (options.port ?? PORT_DEFAULT),
    interrupt,
    statLog: statLogOf(options),
    hasNginx: !isAlone,
    note: (line) => output.note(line),
  });
  let observers: Observers | null = null;
  try {
    await stack.start(async () => {
      observers = await openSale(stack, strategy, saleId);
    });
    const base = isAlone ? stack.servingServers[0].url : stack.fronts[0];
    const measured: Measured[] = [];
    for (const requests of REQUESTS) {
      interrupt.check();
      const before = await answersOf(stack);
      output.note(`ab -n ${requests} -c ${CONCURRENCY} -l ${base}/buy/ticket`);
      const result = await runProgram(requests, CONCURRENCY, `${base}/buy/ticket`);
      const after = await answersOf(stack);
      measured.push({
        ...result,
        acked: after.acked - before.acked,
        soldOut: after.soldOut - before.soldOut,
        articleRequestsPerSecond: articleFigure(requests, isAlone),
      });
    }
    return measured;
  } finally {
    await (observers as Observers | null)?.close();
    await stack.stop();
  }
}

async function answersOf({ servingServers }: Stack): Promise<{ acked: number; soldOut: number }> {
  const pages = await Promise.all(servingServers.map(({ url }) => readMetrics(url)));
  const sum = (answer: string): number =>
    pages.reduce(
      (total, page) => total + page.sum("onceonly_requests_total", `kind="buy",answer="${answer}"`),
      0,
    );
  return { acked: sum("ACK"), soldOut: sum("SOLDOUT") };
}
