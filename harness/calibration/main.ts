/** The command: reads its flags, calibrates, writes the result. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { Interrupt } from "../../sim/cli/interrupt.ts";
import { Output } from "../../sim/cli/output.ts";
import { quote } from "../../sim/cli/replay.ts";
import { listenForEnd } from "../cli/end-signals.ts";
import { explainError } from "../cli/main.ts";
import { calibrate } from "./calibrate.ts";
import type { Outcome } from "./calibrate.ts";
import { outsideBands, rounded } from "./file.ts";
import type { CalibrationFile } from "./file.ts";
import { HELP, parseCalibrateFlags } from "./flags.ts";
import type { CalibrateOptions } from "./flags.ts";
import { reasonOf } from "./host-checks.ts";
import { HostWatch } from "./host-facts.ts";
import { planOf } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { RealStack } from "./real-stack.ts";
import { calibrationText, predictionsText } from "./text.ts";
import { checkWritable, write } from "./write.ts";

/** @returns the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = new Output();
  try {
    const options = parseCalibrateFlags(argv);
    if (options.help) {
      output.print([HELP]);
      return EXIT.passed;
    }
    if (options.out !== null) checkWritable(options.out);
    const file = await measured(options, output);
    if (options.out !== null && !write(options.out, file, options.replace))
      output.note(
        `${options.out} is kept as it was: it is VALID, and this result is INVALID; ` +
          "--replace writes it all the same",
      );
    output.print([options.json ? JSON.stringify(file) : calibrationText(file)]);
    await output.finish();
    return exitCodeOf(file);
  } catch (error) {
    return explainError("calibrate", error, output);
  }
}

async function measured(options: CalibrateOptions, output: Output): Promise<CalibrationFile> {
  const plan = planOf(options.quick, options.spinUs);
  const interrupt = new Interrupt();
  const stopListening = listenForEnd(interrupt);
  const watch = new HostWatch();
  const stack = new RealStack(interrupt);
  try {
    await stack.start(options.spinUs);
    const outcome = await calibrate(stack, plan, options.seed, {
      step: (text) => {
        if (process.stderr.isTTY) output.note(`${text} …`);
      },
      predicted: (predictions, sha256) => output.note(predictionsText(predictions, sha256)),
    });
    return fileOf(options, plan, outcome, watch.facts());
  } finally {
    await stack.stop();
    stopListening();
  }
}

function fileOf(
  options: CalibrateOptions,
  plan: Plan,
  outcome: Outcome,
  host: CalibrationFile["host"],
): CalibrationFile {
  const { checks, predictions, points, ...rest } = outcome;
  const reason = reasonOf(checks);
  const { spinUs, quick, requests, repeats } = plan;
  return rounded({
    schemaVersion: 1,
    status: reason === "" ? "VALID" : "INVALID",
    reason,
    serviceTimes: spinUs === 0 ? "as they are" : `scaled by a declared CPU spin of ${spinUs} µs`,
    command: commandOf(options),
    seed: options.seed.toString(),
    quick,
    spinUs,
    host,
    checks: [...checks],
    requests,
    repeats,
    ...rest,
    predictions: [...predictions],
    points: [...points],
  });
}

function commandOf({ seed, spinUs, quick, out }: CalibrateOptions): string {
  const words = [
    "--seed",
    seed.toString(),
    "--spin-us",
    String(spinUs),
    ...(quick ? ["--quick"] : []),
    ...(out === null ? [] : ["--out", quote(out)]),
  ];
  return ["npx tsx harness/calibrate.ts", ...words].join(" ");
}

function exitCodeOf(file: CalibrationFile): number {
  if (file.status === "INVALID") return EXIT.environment;
  return outsideBands(file).length === 0 ? EXIT.passed : EXIT.violated;
}
