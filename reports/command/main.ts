/** The command behind `npm run report`. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { versionText } from "../../sim/cli/version.ts";
import { ReportSchema } from "../document/schema.ts";
import { explained } from "./explained.ts";
import { HELP, parseReportFlags } from "./flags.ts";
import type { ReportOptions } from "./flags.ts";
import { produce } from "./produce.ts";

/** @returns The exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return explained(async () => {
    const options = parseReportFlags(argv);
    const text = textAskedFor(options);
    if (text === null) return produce(options, options.out, "--out");
    process.stdout.write(text);
    return EXIT.passed;
  });
}

function textAskedFor({ help, version, printSchema }: ReportOptions): string | null {
  if (help) return HELP;
  if (version) return `${versionText()}\n`;
  if (!printSchema) return null;
  const schema = toJsonSchema(ReportSchema, { target: "draft-2020-12", errorMode: "ignore" });
  return `${JSON.stringify({ title: "capacity report", ...schema }, null, 2)}\n`;
}
