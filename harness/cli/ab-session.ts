/** `--ab`: the published demo's measurement with the real ab, through nginx and on one server. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { Interrupt } from "../../sim/cli/interrupt.ts";
import type { Output } from "../../sim/cli/output.ts";
import { table } from "../../sim/cli/text/layout.ts";
import type { RunConfig } from "../../sim/result.ts";
import { NO_FAULTS } from "../../sim/faults/vocabulary.ts";
import { runAb as runProgram } from "../session/ab.ts";
import type { AbResult } from "../session/ab.ts";
import { readMetrics } from "../session/metrics-page.ts";
import { openSale } from "../session/observers.ts";
import type { Observers } from "../session/observers.ts";
import { RunFolder } from "../session/run-folder.ts";
import { Stack } from "../session/stack.ts";
import { alone } from "./alone.ts";
import { listenForEnd } from "./end-signals.ts";
import { ALONE_PORT_DEFAULT, PORT_DEFAULT } from "./options.ts";
import type { Options } from "./options.ts";
import type { RunToPlay } from "./resolve.ts";
import { statLogOf } from "./stat-log.ts";

const REQUESTS = [1000, 10_000];
const CONCURRENCY = 100;

/** What the article reports of its own server, on its author's machine. */
const ARTICLE = {
  command: "ab -n 10000 -c 100 http://127.0.0.1:3005/buy/ticket",
  requestsPerSecond: 4300.96,
};

/** One measurement, with what the servers answered. */
interface Measured extends AbResult {
  readonly acked: number;
  readonly soldOut: number;
}

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
    else output.print(abText(measured, output));
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

function abText(measured: readonly Measured[], { paint }: Output): string[] {
  const rows = measured.map((one) => [
    one.command,
    one.requestsPerSecond.toFixed(2),
    String(one.p50Ms),
    String(one.p99Ms),
    String(one.acked),
    String(one.soldOut),
    String(one.non2xx),
    String(one.broken),
  ]);
  const article = [
    ARTICLE.command,
    ARTICLE.requestsPerSecond.toFixed(2),
    ...Array<string>(6).fill(""),
  ];
  return [
    paint("bold", "ab, here and now"),
    ...table(
      ["", "requests/s", "p50 ms", "p99 ms", "ACK", "SOLDOUT", "not 2xx", "broken"],
      rows,
      [1, 2, 3, 4, 5, 6, 7],
    ),
    "",
    paint("bold", "the article, on its author's machine"),
    ...table(["", "requests/s", "", "", "", "", "", ""], [article], [1]),
  ];
}
