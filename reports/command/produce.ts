/** Makes a report and writes its files, with progress, until it is done or somebody ends it. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import type { Report } from "../document/schema.ts";
import { onEndSignal } from "../experiments/end-signals.ts";
import { PoolStopped } from "../experiments/pool.ts";
import { loadSubject, makeReport } from "./make.ts";
import type { ReportRequest } from "./make.ts";
import { Progress } from "./progress.ts";
import { Destination } from "./write.ts";

/**
 * @param flag what named the directory
 * @returns The exit code.
 * @throws UsageError if the request is wrong, or there can be no such directory
 * @throws EnvironmentError if the files cannot be written in the end
 */
export async function produce(request: ReportRequest, out: string, flag = ""): Promise<number> {
  // What is wrong with the input shall be said before anything is made.
  loadSubject(request);
  const destination = new Destination(out, flag);
  const interrupt = new AbortController();
  const stopListening = onEndSignal(() => interrupt.abort());
  const progress = new Progress();
  try {
    const made = await makeReport(
      request,
      { experiment: (name) => progress.begin(name), sale: () => progress.sale() },
      interrupt.signal,
    );
    progress.clear();
    destination.write(made);
    process.stdout.write(closing(made, out));
    return EXIT.passed;
  } catch (error) {
    progress.clear();
    destination.abandon();
    if (!(error instanceof PoolStopped)) throw error;
    process.stderr.write("interrupted: no report was written\n");
    return EXIT.interrupted;
  } finally {
    stopListening();
  }
}

/** Verdict and the three answers, as the first screen has them. */
function closing({ verdict, provenance, sections }: Report, out: string): string {
  const cards = sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.type === "cards" ? block.cards : []));
  return [
    `${verdict}${provenance.quick ? " (rough)" : ""}: capacity of ${provenance.scenario}, ${provenance.sales} sales`,
    ...cards.map(({ question, answer }) => `  ${question} ${answer}`),
    `calibration ${provenance.calibration.status}: ${provenance.calibration.text}`,
    `written to ${out}: report.html, report.md, report.json, seeds.csv, plots/`,
    "",
  ].join("\n");
}
