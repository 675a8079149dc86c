/** The real `ab` (ApacheBench), and what it measured. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { guardGroup, killGroup, releaseGroup } from "../processes/guard.ts";
import { requireProgram } from "../provision/system-package.ts";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";

const TIMEOUT_MS = 300_000;

export interface AbResult {
  readonly command: string;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx. */
  readonly non2xx: number;
  /** Requests that ab calls failed: connections that broke, and answers that broke off. */
  readonly broken: number;
}

/** `ab -n requests -c concurrency -l url`. @throws MissingProgram, EnvironmentError if it fails. */
export async function runAb(requests: number, concurrency: number, url: string): Promise<AbResult> {
  const program = requireProgram("ab", "apache2-utils");
  // Without -l an answer of another length than the first, as "sold out" is, counts as failed.
  const args = ["-n", String(requests), "-c", String(concurrency), "-l", url];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const pid = child.pid!;
  guardGroup(pid);
  const timer = setTimeout(() => killGroup(pid), TIMEOUT_MS);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  releaseGroup(pid);
  const command = `ab ${args.join(" ")}`;
  if (code !== 0) {
    const reason = text.trim().split("\n").at(-1) ?? "";
    throw new EnvironmentError(`${command} failed: ${reason || `it ended after ${TIMEOUT_MS} ms`}`);
  }
  return readReport(command, text);
}

function readReport(command: string, text: string): AbResult {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  return {
    command,
    requests: number(/^Complete requests:\s+(\d+)/mu),
    requestsPerSecond: number(/^Requests per second:\s+([\d.]+)/mu),
    p50Ms: number(/^\s+50%\s+(\d+)/mu),
    p99Ms: number(/^\s+99%\s+(\d+)/mu),
    non2xx: number(/^Non-2xx responses:\s+(\d+)/mu),
    broken: number(/^Failed requests:\s+(\d+)/mu),
  };
}
