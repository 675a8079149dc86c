/**
 * The service laws, fitted at low load to bursts of a few requests.
 *
 * Within a burst each request waits for the one before it, so the time between two answers is one
 * service, whatever the way there and back takes. (Between lonely requests the processor falls
 * asleep and its caches grow cold: what waking up takes delays an answer, but would make the
 * capacity look smaller than it is.) The first of a burst waits for nobody: what its response is
 * longer than a service is the way.
 */
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { mean, responsesMs } from "./measures.ts";
import type { Sample } from "./measures.ts";
import type { RedisCost, Use } from "./measured-stack.ts";

export interface Laws {
  /** Mean time for which a request occupies the server's thread. */
  readonly serverUs: number;
  /** Of those times: probabilities 0, 1/k, …, 1. */
  readonly serverQuantilesUs: readonly number[];
  readonly nginxUs: number;
  /** Everything else on the way there and back, the client's own work included. */
  readonly networkMs: number;
  readonly redis: RedisCost;
  /** One way between a server and Redis. */
  readonly redisLinkUs: number;
}

/** What requests went through, and what they used. */
export interface Series {
  readonly sample: Sample;
  readonly use: Use;
}

const BURST = 5;
/** As many as a scenario's law takes. */
const STEPS_MAX = 1000;
const SERVICES_LEAST = 50;

/**
 * Bursts so far apart that they are `loadPercent` in all; within one each request comes before the
 * first is served.
 */
export function burstsMs(requests: number, serviceUs: number, loadPercent: number): number[] {
  const serviceMs = serviceUs / 1000;
  const periodMs = (BURST * serviceMs * 100) / loadPercent;
  return Array.from(
    { length: requests },
    (_, i) => Math.floor(i / BURST) * periodMs + (i % BURST) * (serviceMs / BURST),
  );
}

/** Mean time for which the thread was busy, by request: rough, for it is not busy with them only. */
export function busyUsOf({ sample, use }: Series): number {
  return use.serverBusyUs / sample.dueMs.length;
}

/**
 * @param pingMs the median of an idle PING: there and back, and next to nothing in between
 * @throws EnvironmentError if too few requests waited
 */
export function fitLaws({ sample, use }: Series, redis: RedisCost, pingMs: number): Laws {
  const services = servicesUs(sample).toSorted((a, b) => a - b);
  if (services.length < SERVICES_LEAST)
    throw new EnvironmentError(
      `only ${services.length} of ${sample.dueMs.length} requests at low load waited for another: ` +
        "too few for a service law; give a longer --spin-us",
    );
  const serverUs = mean(services);
  const wayUs = wayMsOf(sample, services) * 1000;
  const nginxUs = Math.min(use.nginxUs / sample.dueMs.length, wayUs);
  return {
    serverUs,
    serverQuantilesUs: quantilesOf(services),
    nginxUs,
    networkMs: (wayUs - nginxUs) / 1000,
    redis,
    redisLinkUs: (pingMs * 1000) / 2,
  };
}

/**
 * From answer to answer, of all who had come to the thread when the one before was answered. (Who
 * is taken must not depend on his own service, or the law would be biased.)
 */
export function servicesUs(sample: Sample): number[] {
  const rough = servicesAfter(sample, 0);
  return rough.length === 0 ? [] : servicesAfter(sample, wayMsOf(sample, rough));
}

function servicesAfter({ sentMs, endMs }: Sample, wayMs: number): number[] {
  return endMs.flatMap((end, i) =>
    i > 0 && sentMs[i] + wayMs < endMs[i - 1] ? [Math.max(0, end - endMs[i - 1]) * 1000] : [],
  );
}

/** What the response of those who waited for nobody is longer than a service. */
function wayMsOf(sample: Sample, services: readonly number[]): number {
  const { dueMs, endMs } = sample;
  const lonelyMs = responsesMs(sample).filter((_, i) => i === 0 || dueMs[i] >= endMs[i - 1]);
  return Math.max(0, mean(lonelyMs) - mean(services) / 1000);
}

function quantilesOf(sorted: readonly number[]): number[] {
  const steps = Math.min(STEPS_MAX, sorted.length - 1);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const point = (i / steps) * (sorted.length - 1);
    const below = Math.floor(point);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (point - below);
  });
}
