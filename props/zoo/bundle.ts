/** Builds a module of the project with patches applied, and imports what came out. */
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { patchText } from "./mutant.ts";
import type { Patch } from "./mutant.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Packages that are not modules ask for Node's own ones by `require`. */
const WITH_REQUIRE =
  'import { createRequire } from "node:module"; const require = createRequire("file:///");';

export interface Bundle {
  readonly text: string;
  /** The files that it was made of, from the root of the project. */
  readonly files: ReadonlySet<string>;
}

/** Throws if a text to patch is not there exactly once. `entry` is from the root of the project. */
export async function bundle(entry: string, patches: readonly Patch[]): Promise<Bundle> {
  const files = new Set<string>();
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    write: false,
    logLevel: "silent",
    inject: ["props/zoo/planted.ts"],
    banner: { js: WITH_REQUIRE },
    plugins: [patcher(patches, files)],
  });
  return { text: outputFiles[0].text, files };
}

/** Whether the bundle has every file that is patched: else the bug is not in it, or not whole. */
export function hasAll({ files }: Bundle, patches: readonly Patch[]): boolean {
  return patches.every(({ file }) => files.has(file));
}

function patcher(patches: readonly Patch[], files: Set<string>): Plugin {
  return {
    name: "patch",
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = relative(ROOT, path).replaceAll("\\", "/");
        files.add(file);
        const text = patchText(file, await readFile(path, "utf8"), patches);
        // A file that looks for others beside it finds them where it came from.
        const here = JSON.stringify(pathToFileURL(path).href);
        return { contents: text.replaceAll("import.meta.url", here), loader: "ts" };
      });
    },
  };
}

/** Imports a bundle without a file, so that none is left behind whatever happens. */
export function importText(text: string): Promise<unknown> {
  return import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
}
