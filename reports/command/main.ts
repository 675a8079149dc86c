/** The command behind `npm run report`. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { versionText } from "../../sim/cli/version.ts";
import { ReportSchema } from "../document/schema.ts";
import type { Report } from "../document/schema.ts";
import { PoolStopped } from "../experiments/pool.ts";
import { HELP, parseReportFlags } from "./flags.ts";
import type { ReportOptions } from "./flags.ts";
import { loadSubject, makeReport } from "./make.ts";
import { Progress } from "./progress.ts";
import { Destination } from "./write.ts";

/** @returns The exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // `| head` closes the pipe early, which is no error.
  process.stdout.on("error", () => process.exit());
  try {
    const options = parseReportFlags(argv);
    const text = textAskedFor(options);
    if (text === null) return await report(options);
    process.stdout.write(text);
    return EXIT.passed;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.environment;
  }
}

function textAskedFor({ help, version, printSchema }: ReportOptions): string | null {
  if (help) return HELP;
  if (version) return `${versionText()}\n`;
  if (!printSchema) return null;
  const schema = toJsonSchema(ReportSchema, { target: "draft-2020-12", errorMode: "ignore" });
  return `${JSON.stringify({ title: "capacity report", ...schema }, null, 2)}\n`;
}

async function report(options: ReportOptions): Promise<number> {
  // What is wrong with the input shall be said before anything is made.
  loadSubject(options);
  const destination = new Destination(options.out);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on("SIGINT", onSignal);
  const progress = new Progress();
  try {
    const made = await makeReport(
      options,
      { experiment: (name) => progress.begin(name), sale: () => progress.sale() },
      interrupt.signal,
    );
    progress.clear();
    destination.write(made);
    process.stdout.write(closing(made, options.out));
    return EXIT.passed;
  } catch (error) {
    progress.clear();
    destination.abandon();
    if (!(error instanceof PoolStopped)) throw error;
    process.stderr.write("interrupted: no report was written\n");
    return EXIT.interrupted;
  } finally {
    process.off("SIGINT", onSignal);
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
