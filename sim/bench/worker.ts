/** A process of the benchmark's: performs one task and reports. */
import { perform } from "./tasks.ts";
import type { Task } from "./tasks.ts";

const task = JSON.parse(process.argv[2]) as Task;
process.send!(await perform(task), () => process.exit());
