/** A process of the zoo's pool: is sent a job, hunts, sends the row back. */
import type { Redis } from "ioredis";
import { startRedis } from "../counter/redis.ts";
import { runCheckerJob } from "./checkers/job.ts";
import { runJob } from "./job.ts";
import type { AnyJob, AnyRow } from "./pool.ts";

/** Started with the first job that needs it. */
let running: ReturnType<typeof startRedis> | null = null;

async function redis(): Promise<Redis> {
  running ??= startRedis();
  return (await running).client;
}

async function run(job: AnyJob): Promise<readonly AnyRow[]> {
  return "checker" in job ? [await runCheckerJob(job)] : runJob(job, redis);
}

async function end(): Promise<void> {
  await (await running)?.stop();
  process.exit();
}

// Ctrl-C goes to the whole process group; the parent decides what becomes of the workers.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => void end());
process.on("message", (job: AnyJob) => void run(job).then((rows) => process.send?.(rows)));
process.send!("ready");
