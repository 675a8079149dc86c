/**
 * `npm run zoo`: hunts every mutant through the sweep's worlds and prints the matrix: which bug,
 * what had to break, what broke, after how many seeds.
 *
 * Seeds needed are the median of several starts, since one start may be lucky. A survivor fails
 * the command: then the checks are blind, or the worlds never go where that bug lives.
 */
import { parseArgs } from "node:util";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { hunt, runSeed } from "./hunt.ts";
import type { Kill } from "./hunt.ts";
import { readKillingSeeds, writeKillingSeeds } from "./killing-seeds.ts";
import { loadMutantFile, mutantFiles } from "./load.ts";
import { strategyName } from "./mutant.ts";
import type { Mutant } from "./mutant.ts";

const HELP = `Hunts the mutants of the zoo.

  npm run zoo                       every mutant, up to 200 seeds from each of 3 starts
  npm run zoo -- --only 7           one of them
  npm run zoo -- --record           and stores the seeds that npm test uses

  --seeds N   seeds per start (default 200)
  --starts N  starts (default 3)
  --json      print one JSON object, and nothing else, on stdout

Exit codes: 0 all killed, 1 one survived or the engine itself failed on a killing seed, 2 usage.
`;

/** Starts lie so far apart that no two hunts meet. */
const SEEDS_BETWEEN_STARTS = 100_000n;

interface Verdict {
  readonly mutant: Mutant;
  /** One for each start; null: survived it. */
  readonly kills: readonly (Kill | null)[];
  readonly seedsNeeded: readonly number[];
  /** The same seed with the engine as it is; must be true, or the kill proves nothing. */
  readonly enginePasses: boolean;
}

interface ZooOptions {
  readonly seeds: number;
  readonly starts: number;
  /** Number of the only mutant to hunt; null: all. */
  readonly only: number | null;
  readonly record: boolean;
  readonly json: boolean;
}

process.exitCode = await run();

async function run(): Promise<number> {
  try {
    const options = parseFlags();
    if (options !== null) return await main(options);
    process.stdout.write(HELP);
    return EXIT.passed;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`zoo: ${error.message}\n`);
    return EXIT.usage;
  }
}

/** @returns null if help was asked for. @throws UsageError */
function parseFlags(): ZooOptions | null {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        seeds: { type: "string", default: "200" },
        starts: { type: "string", default: "3" },
        only: { type: "string" },
        record: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message.split("\n")[0]);
  }
  if (values.help) return null;
  return {
    seeds: wholeNumber("--seeds", values.seeds),
    starts: wholeNumber("--starts", values.starts),
    only: values.only === undefined ? null : wholeNumber("--only", values.only),
    record: values.record,
    json: values.json,
  };
}

function wholeNumber(flag: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/u.test(text) && number >= 1 && number <= 1_000_000) return number;
  throw new UsageError(`${flag}: expected a whole number from 1 to 1000000, got "${text}"`);
}

async function main(values: ZooOptions): Promise<number> {
  const files = (await mutantFiles()).filter(
    (file) => values.only === null || Number.parseInt(file, 10) === values.only,
  );
  if (files.length === 0)
    throw new UsageError(`--only ${values.only}: there is no mutant of that number`);
  const verdicts: Verdict[] = [];
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, to print as they come
    const { mutant, default: strategy } = await loadMutantFile(file);
    const verdict = judge(mutant, strategy, values.starts, values.seeds);
    verdicts.push(verdict);
    if (!values.json) process.stdout.write(`${row(verdict)}\n`);
  }
  if (values.record) record(verdicts);
  if (values.json) process.stdout.write(`${toJson(verdicts)}\n`);
  return verdicts.every(isKilled) ? EXIT.passed : EXIT.violated;
}

function judge(mutant: Mutant, strategy: Strategy, starts: number, seeds: number): Verdict {
  const froms = Array.from({ length: starts }, (_, i) => 1n + BigInt(i) * SEEDS_BETWEEN_STARTS);
  const kills = froms.map((from) => hunt(strategy, mutant.breaks, from, seeds));
  const seedsNeeded = kills.flatMap((kill, i) =>
    kill === null ? [] : [Number(kill.seed - froms[i]) + 1],
  );
  const enginePasses = kills.every(
    (kill) => kill === null || runSeed(preDeduct, kill.seed).verdict === "passed",
  );
  return { mutant, kills, seedsNeeded, enginePasses };
}

function isKilled({ kills, enginePasses }: Verdict): boolean {
  return enginePasses && kills.every((kill) => kill !== null);
}

function median(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function row(verdict: Verdict): string {
  const { mutant, kills, seedsNeeded, enginePasses } = verdict;
  const first = kills.find((kill) => kill !== null);
  const outcome =
    first === undefined
      ? "SURVIVES"
      : `${first.invariant} after ${median(seedsNeeded)} seeds (${seedsNeeded.join(", ")})`;
  const survived = first !== undefined && !kills.every((kill) => kill !== null);
  return (
    `${strategyName(mutant)}  ${mutant.title.padEnd(42)}  must break ` +
    `${mutant.breaks.join(" or ").padEnd(18)}  ${outcome}` +
    `${survived ? "; SURVIVES a start" : ""}${enginePasses ? "" : "; THE ENGINE FAILS THERE TOO"}`
  );
}

function record(verdicts: readonly Verdict[]): void {
  const seeds = { ...readKillingSeeds() };
  for (const { mutant, kills } of verdicts) {
    const kill = kills.find((candidate) => candidate !== null);
    if (kill !== undefined) seeds[strategyName(mutant)] = kill.seed.toString();
  }
  writeKillingSeeds(seeds);
}

function toJson(verdicts: readonly Verdict[]): string {
  return JSON.stringify({
    schemaVersion: 1,
    mutants: verdicts.map((verdict) => ({
      number: verdict.mutant.number,
      title: verdict.mutant.title,
      mustBreak: verdict.mutant.breaks,
      killed: isKilled(verdict),
      broke: verdict.kills.flatMap((kill) => (kill === null ? [] : [kill.invariant])),
      seedsNeeded: median(verdict.seedsNeeded),
    })),
  });
}
