/**
 * The arithmetic of slices and buffers, where quotas are final. T tickets in N slices of S = T/N,
 * B buffer slots at each server, Q = S + B, k servers that die.
 */
import { normalDensity, normalProbability } from "../../reports/statistics/distributions.ts";
import { logGamma } from "../../reports/statistics/special-functions.ts";

/** The smallest buffer that survives k deaths before the first sale. */
export function safeBuffer(slice: number, servers: number, deaths: number): number {
  return Math.ceil((deaths * slice) / (servers - deaths));
}

export interface Unsold {
  /** P(some ticket stays unsold). */
  readonly probability: number;
  /** E[tickets unsold]. */
  readonly tickets: number;
}

/** All k die at one instant, uniform over the time in which the slices sell. */
export function unsoldAtOneInstant(
  slice: number,
  servers: number,
  deaths: number,
  buffer: number,
): Unsold {
  const covered = ((servers - deaths) * buffer) / (deaths * slice);
  const probability = Math.max(0, 1 - covered);
  return { probability, tickets: (deaths * slice * probability * probability) / 2 };
}

/** Each dies at an instant of its own: what is left in their slices is a sum of k uniforms. */
export function unsoldAtOwnInstants(
  slice: number,
  servers: number,
  deaths: number,
  buffer: number,
): Unsold {
  const covered = ((servers - deaths) * buffer) / slice;
  if (covered >= deaths) return { probability: 0, tickets: 0 };
  const below = irwinHall(deaths, covered);
  const above = deaths / 2 - covered + irwinHallIntegral(deaths, covered);
  return { probability: 1 - below, tickets: slice * above };
}

/** P(sum of k uniforms ≤ c). */
function irwinHall(k: number, c: number): number {
  return alternatingSum(k, c, k);
}

/** ∫₀ᶜ of it. */
function irwinHallIntegral(k: number, c: number): number {
  return alternatingSum(k, c, k + 1);
}

/** (1/p!) Σ_{j ≤ c} (−1)ʲ C(k, j) (c − j)ᵖ. */
function alternatingSum(k: number, c: number, power: number): number {
  let sum = 0;
  let choose = 1;
  for (let j = 0; j <= Math.min(c, k); j += 1) {
    sum += (j % 2 === 0 ? 1 : -1) * choose * (c - j) ** power;
    choose = (choose * (k - j)) / (j + 1);
  }
  return sum / Math.exp(logGamma(power + 1));
}

/** Random balancing, `attempts` requests: tickets unsold because each server sells its quota at most. */
export function unsoldAtThinDemand(
  tickets: number,
  servers: number,
  quota: number,
  attempts: number,
): number {
  // E[min(D, Q)] = Σ_{q < Q} P(D > q), D binomial.
  let sold = 0;
  let above = 1;
  for (let q = 0; q < quota; q += 1) {
    above -= binomial(attempts, 1 / servers, q);
    sold += above;
  }
  return tickets - servers * sold;
}

/** The same by the normal approximation: T − N (Q − σ [φ(z) + z Φ(z)]), z = (Q − m)/σ, σ = √m. */
export function unsoldAtThinDemandNormal(
  tickets: number,
  servers: number,
  quota: number,
  attempts: number,
): number {
  const mean = attempts / servers;
  const deviation = Math.sqrt(mean);
  const z = (quota - mean) / deviation;
  const short = deviation * (normalDensity(z) + z * normalProbability(z));
  return tickets - servers * (quota - short);
}

function binomial(n: number, p: number, k: number): number {
  const choose = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return Math.exp(choose + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

function poisson(mean: number, k: number): number {
  return Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
}

/**
 * Random balancing: requests that meet a server whose quota is spent while others still have stock.
 * The sale is over when the servers, each with Poisson(t) requests, have sold all: Σ E[min(D, Q)] = T.
 */
export function refusedWithStockLeft(servers: number, slice: number, buffer: number): number {
  const quota = slice + buffer;
  let low = slice;
  let high = 3 * quota;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (meanSold(middle, quota) < slice) low = middle;
    else high = middle;
  }
  return servers * (low - slice);
}

function meanSold(mean: number, quota: number): number {
  let sold = 0;
  let above = 1;
  for (let q = 0; q < quota; q += 1) {
    above -= poisson(mean, q);
    sold += above;
  }
  return sold;
}

/** Random balancing: the load of the busiest of N servers after N·m requests, as independent Poissons. */
export function highestRandomLoad(servers: number, mean: number): number {
  let below = 0;
  let expected = 0;
  for (let load = 0; load < 4 * mean + 50; load += 1) {
    below += poisson(mean, load);
    expected += 1 - Math.min(1, below) ** servers;
  }
  return expected;
}

/** After the sale, and `waves` more in which the unpaid tickets are sold again. */
export function paidAfterWaves(tickets: number, noShow: number, waves: number): number {
  return tickets * (1 - noShow ** (waves + 1));
}
