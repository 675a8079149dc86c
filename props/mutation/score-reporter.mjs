/**
 * A reporter of Stryker's: prints the score file by file, lists every survivor that is not known
 * to be equivalent, and fails the command below the score that the project demands.
 *
 * Stryker loads its plugins itself, so this file is JavaScript; what it does is in TypeScript.
 */
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { tsImport } from "tsx/esm/api";

const { readEquivalents } = await tsImport("./equivalents.ts", import.meta.url);
const { SCORE_LEAST, scoreOf, scoreText } = await tsImport("./score.ts", import.meta.url);

class ScoreReporter {
  onMutationTestReportReady({ files }) {
    const score = scoreOf(files, readEquivalents());
    process.stdout.write(scoreText(score));
    if (score.share < SCORE_LEAST) process.exitCode = 1;
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, "score", ScoreReporter)];
