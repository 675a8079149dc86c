/** Builds what a mutant breaks: its strategy, and its scripts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Strategy } from "../../core/strategy.ts";
import { bundle, hasAll, importText, ROOT } from "./bundle.ts";
import { patchText, strategyName } from "./mutant.ts";
import type { Mutant, Patch } from "./mutant.ts";

/**
 * Pre-deduct with the bug. Throws if a patch does not apply exactly once, or if its file is no
 * part of the strategy.
 */
export async function breed(mutant: Mutant): Promise<Strategy> {
  const { typescript, title } = mutant;
  checkMarked(mutant);
  const bundled = await bundle("core/strategies/pre-deduct.ts", typescript);
  if (!hasAll(bundled, typescript))
    throw new Error(`${title}: a patched file is no part of pre-deduct, so it cannot break it`);
  const { preDeduct } = (await importText(bundled.text)) as { preDeduct: Strategy };
  return { ...preDeduct, name: strategyName(mutant), summary: `bug planted: ${title}` };
}

/** The mutant's Lua: the text of each script file it patches, by file. */
export async function breedLua({ lua }: Mutant): Promise<ReadonlyMap<string, string>> {
  const files = [...new Set(lua.map(({ file }) => file))];
  const texts = await Promise.all(files.map((file) => readFile(join(ROOT, file), "utf8")));
  return new Map(files.map((file, i) => [file, patchText(file, texts[i], lua)]));
}

/** Throws if nothing would tell whether the bug was ever reached. */
export function checkMarked({ id, typescript, lua }: Mutant): void {
  for (const patches of [typescript, lua])
    if (patches.length > 0 && !patches.some(isMarked))
      throw new Error(`mutant ${id}: no patch calls planted() where the bug is`);
}

function isMarked({ replace }: Patch): boolean {
  return replace.includes("planted()");
}
