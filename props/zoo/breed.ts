/** Builds a mutant's strategy: bundles pre-deduct with the patches applied, and imports it. */
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Strategy } from "../../core/strategy.ts";
import { patchText, strategyName } from "./mutant.ts";
import type { Mutant, Patch } from "./mutant.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Throws if a patch does not apply exactly once, or its file is no part of the strategy. */
export async function breed(mutant: Mutant): Promise<Strategy> {
  const module = await importText(await bundle(mutant.typescript));
  const { preDeduct } = module as { preDeduct: Strategy };
  return { ...preDeduct, name: strategyName(mutant), summary: `bug planted: ${mutant.title}` };
}

/** The mutant's Lua: the text of each script file it patches, by file. */
export async function breedLua(mutant: Mutant): Promise<ReadonlyMap<string, string>> {
  const files = [...new Set(mutant.lua.map(({ file }) => file))];
  const texts = await Promise.all(files.map((file) => readFile(join(ROOT, file), "utf8")));
  return new Map(files.map((file, i) => [file, patchText(file, texts[i], mutant.lua)]));
}

async function bundle(patches: readonly Patch[]): Promise<string> {
  const patched = new Set<string>();
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["core/strategies/pre-deduct.ts"],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    plugins: [patcher(patches, patched)],
  });
  const missed = patches.find(({ file }) => !patched.has(file));
  if (missed !== undefined)
    throw new Error(`${missed.file} is no part of pre-deduct, so it cannot be patched`);
  return outputFiles[0].text;
}

function patcher(patches: readonly Patch[], patched: Set<string>): Plugin {
  return {
    name: "patch",
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = relative(ROOT, path).replaceAll("\\", "/");
        patched.add(file);
        const text = await readFile(path, "utf8");
        return { contents: patchText(file, text, patches), loader: "ts" };
      });
    },
  };
}

async function importText(text: string): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), "mutant-"));
  try {
    const file = join(directory, "strategy.mjs");
    await writeFile(file, text);
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(directory, { recursive: true });
  }
}
