/** A mutant and its rows of the matrix: one for each language, hunted from several starts. */
import type { Redis } from "ioredis";
import type { InvariantName } from "../../core/invariants/findings.ts";
import { hunt } from "./hunt.ts";
import type { Hunt } from "./hunt.ts";
import { idOf, loadMutantFile } from "./load.ts";
import type { Mutant } from "./mutant.ts";
import { SPECIMEN, specimen, specimenSuite } from "./specimen.ts";
import { buildSuite, languagesOf, suiteNames } from "./subject.ts";
import type { Language, Suite } from "./subject.ts";

export interface Job {
  /** In `mutants/`; "article" for the specimen. */
  readonly file: string;
  readonly starts: number;
  readonly seedsPerStart: number;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly language: Language;
  readonly mustBreak: readonly InvariantName[];
  /** One for each start. */
  readonly hunts: readonly Hunt[];
  readonly plantedHits: number;
  /** Why it could not be hunted at all, or null. */
  readonly error: string | null;
}

/** Starts lie so far apart that no two hunts meet. */
const SEEDS_BETWEEN_STARTS = 100_000n;

export async function runJob(job: Job, redis: () => Promise<Redis>): Promise<readonly Row[]> {
  const { file } = job;
  if (file === SPECIMEN) {
    const subject = { id: SPECIMEN, title: specimen.title, mustBreak: specimen.breaks };
    return [await hunted(job, { ...subject, language: "typescript" }, [specimenSuite()])];
  }
  try {
    const { mutant } = await loadMutantFile(file);
    const rows: Row[] = [];
    for (const language of languagesOf(mutant)) {
      // oxlint-disable-next-line no-await-in-loop -- the machine has as many processes as it can use
      rows.push(await huntMutant(job, mutant, language, redis));
    }
    return rows;
  } catch (error) {
    return [failedRow(job, error)];
  }
}

/** The row of a mutant that could not be hunted. */
export function failedRow({ file }: Job, error: unknown): Row {
  const id = file === SPECIMEN ? SPECIMEN : idOf(file);
  const message = error instanceof Error ? error.message : String(error);
  return {
    id,
    title: file,
    language: "typescript",
    mustBreak: [],
    hunts: [],
    plantedHits: 0,
    error: message.replaceAll(/\s+/gu, " "),
  };
}

async function huntMutant(
  job: Job,
  mutant: Mutant,
  language: Language,
  redis: () => Promise<Redis>,
): Promise<Row> {
  const { id, title, breaks } = mutant;
  const names = suiteNames(language);
  const built = await Promise.all(names.map((name) => buildSuite(name, mutant, redis)));
  const suites = built.filter((suite) => suite !== null);
  if (suites.length === 0) throw new Error("no suite has all the files that it patches");
  return hunted(job, { id, title, language, mustBreak: breaks }, suites);
}

async function hunted(
  { starts, seedsPerStart }: Job,
  subject: Pick<Row, "id" | "title" | "language" | "mustBreak">,
  suites: readonly Suite[],
): Promise<Row> {
  const hunts: Hunt[] = [];
  for (let start = 0; start < starts; start += 1) {
    const from = 1n + BigInt(start) * SEEDS_BETWEEN_STARTS;
    // oxlint-disable-next-line no-await-in-loop -- the machine has as many processes as it can use
    hunts.push(await hunt(suites, subject.mustBreak, from, seedsPerStart));
  }
  const plantedHits = suites.reduce((sum, suite) => sum + suite.plantedHits(), 0);
  return { ...subject, hunts, plantedHits, error: null };
}
