/**
 * After every install: removes `node_modules/.bin/node`.
 *
 * Whole Node binaries are optional packages here, for the test that a seed gives the same bytes on
 * every version. npm links them as the command `node`, and that link comes first on the PATH of
 * npx and npm scripts: all of them would run on that version instead of the one installed. The
 * binaries themselves stay.
 */
import { rmSync } from "node:fs";

rmSync(new URL("../node_modules/.bin/node", import.meta.url), { force: true });
