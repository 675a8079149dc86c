/** Name and version of this program, from its package file. */
import { readFileSync } from "node:fs";

const packageFile = new URL("../../package.json", import.meta.url);

export function versionText(): string {
  const { name, version } = JSON.parse(readFileSync(packageFile, "utf8")) as {
    name: string;
    version: string;
  };
  return `${name} ${version}`;
}
