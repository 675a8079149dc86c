/** `npm run soak`: random fault plans on real processes, and the ones that fail. */
import { EXIT } from "../sim/cli/exit-codes.ts";
import { Interrupt } from "../sim/cli/interrupt.ts";
import { Output } from "../sim/cli/output.ts";
import { listenForEnd } from "./cli/end-signals.ts";
import { explainError } from "./cli/main.ts";
import { HELP, parseSoakFlags } from "./soak/flags.ts";
import { soak } from "./soak/soak.ts";
import { exitCodeOfSoak, soakText } from "./soak/summary.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const output = new Output();
  try {
    const options = parseSoakFlags(argv);
    if (options.help) {
      output.print([HELP]);
      return EXIT.passed;
    }
    const interrupt = new Interrupt();
    const stopListening = listenForEnd(interrupt);
    const summary = await soak(
      options,
      interrupt,
      ({ seed, verdict, faults, seconds }, done) =>
        output.note(
          `${done}/${options.plans}  seed ${seed}  ${faults} faults  ${seconds} s  ${verdict}`,
        ),
      (line) => output.note(line),
    );
    stopListening();
    output.print([options.json ? JSON.stringify(summary) : soakText(summary)]);
    await output.finish();
    return exitCodeOfSoak(summary);
  } catch (error) {
    return explainError("soak", error, output);
  }
}
