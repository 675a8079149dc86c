/**
 * What is hunted: a mutant in one of its two languages, built into every suite that can meet it.
 *
 * For the TypeScript side each suite is bundled anew with the patches in it. For the Lua side the
 * patched scripts run on a real Redis.
 */
import type { Redis } from "ioredis";
import { breedLua, checkMarked } from "./breed.ts";
import { bundle, hasAll, importText } from "./bundle.ts";
import type { Mutant } from "./mutant.ts";
import * as counter from "./suites/counter.ts";
import * as interleavings from "./suites/interleavings.ts";
import * as sale from "./suites/sale.ts";
import { Scripts } from "./suites/scripts.ts";
import * as slots from "./suites/slots.ts";
import type { Outcome, SuiteModule } from "./suites/suite.ts";

export type Language = "typescript" | "lua";

/** One suite, with the mutant and without. */
export interface Suite {
  readonly name: string;
  play(seed: bigint): Promise<Outcome>;
  playEngine(seed: bigint): Promise<Outcome>;
  /** How often the planted bug was reached. */
  plantedHits(): number;
}

/** As they are: what a killing run must be without the bug. */
const ENGINE: Readonly<Record<string, SuiteModule>> = { sale, slots, interleavings, counter };
const SCRIPTS = "scripts";

/** The suites of a language, in the order in which a seed goes through them. */
export function suiteNames(language: Language): readonly string[] {
  return language === "typescript" ? Object.keys(ENGINE) : [SCRIPTS];
}

export function languagesOf({ typescript, lua }: Mutant): readonly Language[] {
  return [
    ...(typescript.length > 0 ? (["typescript"] as const) : []),
    ...(lua.length > 0 ? (["lua"] as const) : []),
  ];
}

/**
 * The suite with the mutant in it; null if it has not all the files that are patched. `redis` is
 * asked for a server only where scripts run. Throws if the mutant does not build.
 */
export async function buildSuite(
  name: string,
  mutant: Mutant,
  redis: () => Promise<Redis>,
): Promise<Suite | null> {
  checkMarked(mutant);
  return name === SCRIPTS ? scriptSuite(mutant, await redis()) : typescriptSuite(name, mutant);
}

async function typescriptSuite(name: string, { typescript }: Mutant): Promise<Suite | null> {
  const bundled = await bundle(`props/zoo/suites/${name}.ts`, typescript);
  if (!hasAll(bundled, typescript)) return null;
  const module = (await importText(bundled.text)) as SuiteModule;
  return {
    name,
    play: async (seed) => module.play(seed),
    playEngine: async (seed) => ENGINE[name].play(seed),
    plantedHits: () => module.plantedHits(),
  };
}

async function scriptSuite(mutant: Mutant, redis: Redis): Promise<Suite> {
  const patched = await Scripts.load(redis, await breedLua(mutant));
  const shipped = await Scripts.load(redis, new Map());
  return {
    name: SCRIPTS,
    play: (seed) => patched.play(seed),
    playEngine: (seed) => shipped.play(seed),
    plantedHits: () => patched.plantedHits,
  };
}
