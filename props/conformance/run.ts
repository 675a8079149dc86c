/**
 * `npm run conformance`: puts the models of nginx, LVS and OSPF to recordings of the real software.
 *
 * Exit codes: 0 every decision matches; 1 a mismatch, an unknown shape or no recordings; 2 usage;
 * 3 a program that the live part needs is missing and cannot be installed.
 */
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Adapter } from "./adapter.ts";
import { adapter as ecmp } from "./ecmp.ts";
import { adapter as ipvs } from "./ipvs.ts";
import { isConformant, judge } from "./judge.ts";
import { adapter as keepalived } from "./keepalived.ts";
import { liveNginxVersion } from "./live-nginx-process.ts";
import { checkLiveNginx } from "./live-nginx.ts";
import { adapter as nginx } from "./nginx.ts";
import { adapter as ospf } from "./ospf.ts";
import { MissingProgram } from "../../harness/provision/system-package.ts";
import { type RecordingFile, readRecordings } from "./recordings.ts";

const HELP = `Puts the models of nginx, LVS and OSPF to recordings of the real software.

  npm run conformance                        the recordings in props/conformance/vectors
  npm run conformance -- --vectors DIR       another folder of recordings
  npm run conformance -- --live 200          200 random upstreams on a real nginx as well

  --vectors DIR   folder of recordings (*.json)
  --live N        draw N upstream blocks, run each on the nginx binary, compare every pick
  --seed SEED     seed of the draws (a whole number); printed when a live draw fails
  --help          this text`;

const EXIT = { passed: 0, mismatch: 1, usage: 2, environment: 3, interrupted: 130 } as const;

const ADAPTERS: readonly Adapter[] = [nginx, ipvs, keepalived, ospf, ecmp];

/** Seeds have up to nine digits, drawn or given. */
const SEED_END = 10 ** 9;

class UsageError extends Error {}

interface Options {
  readonly vectors: string;
  readonly liveDraws: number;
  readonly seed: number | undefined;
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parse(argv);
  if (options === "help") {
    console.log(HELP);
    return EXIT.passed;
  }
  const conforms = checkRecordings(options.vectors);
  const liveCode = options.liveDraws > 0 ? await checkLive(options) : EXIT.passed;
  return conforms ? liveCode : EXIT.mismatch;
}

function parse(argv: readonly string[]): Options | "help" {
  const { values } = parseArgumentsOrThrow(argv);
  if (values.help === true) return "help";
  return {
    vectors: values.vectors ?? join(import.meta.dirname, "vectors"),
    liveDraws: wholeNumber("--live", values.live) ?? 0,
    seed: wholeNumber("--seed", values.seed),
  };
}

function parseArgumentsOrThrow(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        vectors: { type: "string" },
        live: { type: "string" },
        seed: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text))
    throw new UsageError(`${flag}: must be a whole number, got "${text}"`);
  return Number(text);
}

/** Prints one line per file, the first problem of each scenario that has one, and the total. */
function checkRecordings(folder: string): boolean {
  let files: RecordingFile[];
  try {
    files = readRecordings(folder);
  } catch (error) {
    throw new UsageError(`--vectors: cannot read ${folder}: ${(error as Error).message}`);
  }
  const total = new Count();
  let failures = files.length === 0 ? 1 : 0;
  if (files.length === 0) console.log(`no recordings (*.json) in ${folder}`);

  for (const { file, recordings, failure } of files) {
    const count = new Count();
    const problems: string[] = failure === undefined ? [] : [`${file}: ${failure}`];
    for (const recording of recordings) {
      const adapter = ADAPTERS.find((candidate) => candidate.accepts(recording.meta));
      if (adapter === undefined) {
        const software = JSON.stringify(recording.meta["software"]);
        problems.push(`${file} ${recording.name}: unknown shape: no model of software ${software}`);
        continue;
      }
      const judgement = judge(adapter, recording);
      count.add(judgement);
      if (!isConformant(judgement)) {
        const problem = judgement.problem ?? "unknown shape: nothing in it to decide";
        problems.push(`${file} ${recording.name}: ${problem.replaceAll("\n", "\n    ")}`);
      }
    }
    console.log(`${file.padEnd(36)} ${count.text()}`);
    for (const problem of problems) console.log(`  ${problem}`);
    failures += problems.length;
    total.add(count);
  }
  console.log(`${"total".padEnd(36)} ${total.text()}${failures > 0 ? `, ${failures} failed` : ""}`);
  return failures === 0;
}

class Count {
  decisionsMatched = 0;
  decisionsTotal = 0;
  boundsMatched = 0;
  boundsTotal = 0;

  add(other: Readonly<Omit<Count, "add" | "text">>): void {
    this.decisionsMatched += other.decisionsMatched;
    this.decisionsTotal += other.decisionsTotal;
    this.boundsMatched += other.boundsMatched;
    this.boundsTotal += other.boundsTotal;
  }

  text(): string {
    const decisions = `${this.decisionsMatched}/${this.decisionsTotal} decisions`;
    if (this.boundsTotal === 0) return decisions;
    return `${decisions}, ${this.boundsMatched}/${this.boundsTotal} times within bounds`;
  }
}

/** Random upstream blocks on the nginx binary. */
async function checkLive({
  liveDraws: draws,
  seed = randomInt(SEED_END),
}: Options): Promise<number> {
  try {
    console.log(`live: nginx ${liveNginxVersion()}, ${draws} upstream blocks, seed ${seed}`);
    const decisions = await checkLiveNginx({ draws, seed });
    console.log(`live: ${decisions}/${decisions} decisions`);
    return EXIT.passed;
  } catch (error) {
    if (error instanceof MissingProgram) {
      console.error(`conformance: ${error.message}`);
      return EXIT.environment;
    }
    console.log((error as Error).message);
    console.log(`replay: npm run conformance -- --live ${draws} --seed ${seed}`);
    return EXIT.mismatch;
  }
}

// Whoever reads only the first lines has seen enough.
process.stdout.once("error", () => process.exit(process.exitCode ?? EXIT.interrupted));
// An exit handler ends the live part's nginx; a bare interrupt would leave it running.
process.once("SIGINT", () => process.exit(EXIT.interrupted));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`conformance: ${error.message} (--help shows the flags)`);
  process.exitCode = EXIT.usage;
}
