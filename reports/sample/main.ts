/** The command behind `npx tsx reports/sample.ts`. */
import { availableParallelism } from "node:os";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { parseArguments } from "../../sim/cli/parse-arguments.ts";
import { explained } from "../command/explained.ts";
import { produce } from "../command/produce.ts";
import { SAMPLE } from "./request.ts";

const DIRECTORY = "reports/sample";

const HELP = `Makes the committed sample in ${DIRECTORY} again, over the one that is there.

  npx tsx reports/sample.ts    from the root of the project; some tens of seconds on two cores

Exit codes: 0 written; 2 usage, 3 the files cannot be written, 130 interrupted (nothing is written
then).
`;

/** @returns The exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return explained(async () => {
    const { values } = parseArguments({
      args: argv,
      options: { help: { type: "boolean", short: "h" } },
    });
    if (!values.help) return produce({ ...SAMPLE, jobs: availableParallelism() }, DIRECTORY);
    process.stdout.write(HELP);
    return EXIT.passed;
  });
}
