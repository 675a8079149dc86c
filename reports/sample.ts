/** Makes the committed sample in reports/sample/ again: some tens of seconds on two cores. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { makeReport } from "./command/make.ts";
import { Progress } from "./command/progress.ts";
import { Destination } from "./command/write.ts";
import { SAMPLE } from "./sample/request.ts";

const progress = new Progress();
const report = await makeReport(
  { ...SAMPLE, jobs: availableParallelism() },
  { experiment: (name) => progress.begin(name), sale: () => progress.sale() },
  new AbortController().signal,
);
progress.clear();
new Destination(fileURLToPath(new URL("sample/", import.meta.url))).write(report);
