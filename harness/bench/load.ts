/** Load by `wrk` and by `ab`: each run gives the requests answered in a second. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { requireProgram } from "../provision/system-package.ts";

const run = promisify(execFile);

const CONNECTIONS = "100";
const AB_REQUESTS = 10_000;
/** Beyond what a run takes by itself. */
const GRACE_MS = 60_000;

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Keep-alive, one thread, 100 connections. @throws EnvironmentError if any answer was not 2xx */
export async function wrk(url: string, seconds: number): Promise<LoadResult> {
  const { stdout } = await run(
    requireProgram("wrk", "wrk"),
    // An answer that is late is slow, which is measured, and no error.
    ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--timeout", "60s", "--latency", url],
    { timeout: seconds * 1000 + GRACE_MS },
  );
  return parseWrk(stdout, url);
}

/** @throws EnvironmentError */
export function parseWrk(text: string, url: string): LoadResult {
  const trouble = /Non-2xx or 3xx responses: \d+|Socket errors: .*/u.exec(text);
  if (trouble !== null) throw new EnvironmentError(`wrk on ${url}: ${trouble[0]}`);
  return {
    requests: numberAfter(text, /(\d+) requests in/u, url),
    perSecond: numberAfter(text, /Requests\/sec:\s+([\d.]+)/u, url),
    p50Ms: milliseconds(text, /50%\s+([\d.]+)(us|ms|s|m)\b/u, url),
    p99Ms: milliseconds(text, /99%\s+([\d.]+)(us|ms|s|m)\b/u, url),
  };
}

/** `ab -n 10000 -c 100`, as in the article. @throws EnvironmentError if a request failed */
export async function ab(url: string, keepAlive: boolean): Promise<LoadResult> {
  const { stdout } = await run(
    requireProgram("ab", "apache2-utils"),
    // -l: answers may differ in length, as ids and deadlines do.
    ["-q", "-l", ...(keepAlive ? ["-k"] : []), "-n", String(AB_REQUESTS), "-c", CONNECTIONS, url],
    { timeout: GRACE_MS },
  );
  return parseAb(stdout, url);
}

/** @throws EnvironmentError */
export function parseAb(text: string, url: string): LoadResult {
  const failed = numberAfter(text, /Failed requests:\s+(\d+)/u, url);
  const others = /Non-2xx responses:\s+(\d+)/u.exec(text)?.[1] ?? "0";
  if (failed > 0 || others !== "0")
    throw new EnvironmentError(`ab on ${url}: ${failed} failed, ${others} not 2xx`);
  return {
    requests: numberAfter(text, /Complete requests:\s+(\d+)/u, url),
    perSecond: numberAfter(text, /Requests per second:\s+([\d.]+)/u, url),
    p50Ms: numberAfter(text, /\n\s+50%\s+(\d+)/u, url),
    p99Ms: numberAfter(text, /\n\s+99%\s+(\d+)/u, url),
  };
}

const MS_PER: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

function milliseconds(text: string, pattern: RegExp, url: string): number {
  const [, value, unit] = pattern.exec(text) ?? [];
  if (value === undefined) throw unreadable(pattern, url);
  return Number(value) * MS_PER[unit];
}

function numberAfter(text: string, pattern: RegExp, url: string): number {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw unreadable(pattern, url);
  return Number(value);
}

function unreadable(pattern: RegExp, url: string): EnvironmentError {
  return new EnvironmentError(`the load program on ${url} printed nothing like ${pattern.source}`);
}
