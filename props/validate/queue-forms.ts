/**
 * Closed forms of queueing theory. `arrivals` (λ) and `rate` (μ, of one server) are per unit of
 * time, all times are in that unit, and the load ρ is below 1.
 */

/** M/G/1: mean waiting time (Pollaczek and Khinchine). C² is 1 for M/M/1 and 0 for M/D/1. */
export function waitMG1(arrivals: number, rate: number, squaredVariation: number): number {
  const load = arrivals / rate;
  return (load * (1 + squaredVariation)) / (2 * rate * (1 - load));
}

/** M/M/1: the sojourn is exponential, so this is its quantile. */
export function sojournQuantileMM1(arrivals: number, rate: number, p: number): number {
  return -Math.log(1 - p) / (rate - arrivals);
}

/** Erlang's B: the share of arrivals that find all `servers` busy and are lost; `offered` is λ/μ. */
export function erlangB(servers: number, offered: number): number {
  let blocked = 1;
  for (let c = 1; c <= servers; c += 1) blocked = (offered * blocked) / (c + offered * blocked);
  return blocked;
}

/** Erlang's C: the share of arrivals that have to wait at `servers` servers with one queue. */
export function erlangC(servers: number, offered: number): number {
  const load = offered / servers;
  const blocked = erlangB(servers, offered);
  return blocked / (1 - load * (1 - blocked));
}

/** M/M/c: mean waiting time. */
export function waitMMc(servers: number, arrivals: number, rate: number): number {
  return erlangC(servers, arrivals / rate) / (servers * rate - arrivals);
}

/** M/M/1 stations one after the other (Burke, Jackson): mean time from end to end. */
export function sojournTandem(arrivals: number, rates: readonly number[]): number {
  return rates.reduce((sum, rate) => sum + 1 / (rate - arrivals), 0);
}

/**
 * M/G/1 in gated batches: the server takes everyone who waits, serves them all, and lets them go
 * together. Mean sojourn.
 *
 * Work and load are those of FIFO. Let V be the length of a pass. The calls that come during a
 * pass make the next one, or a single later call does if none comes: with A | V ~ Poisson(λV),
 * E[V²] = E[A] E[S²] + E[A(A−1)] E[S]² + P(A=0) E[S²] and E[V] = (E[A] + P(A=0)) E[S], from which
 * E[V²]/E[V] = E[S²] / (E[S] (1 − ρ²)). Who comes to an idle server (probability 1 − ρ) stays E[S].
 * Who comes during a pass sees it out, on average E[V²]/2E[V], and then stays a whole pass of his
 * own service and that of the others who came during the same pass, E[S] + ρ E[V²]/E[V].
 */
export function sojournGated(arrivals: number, rate: number, squaredVariation: number): number {
  const load = arrivals / rate;
  const meanService = 1 / rate;
  const passRatio = (meanService * (1 + squaredVariation)) / (1 - load * load);
  return meanService + load * (passRatio / 2 + load * passRatio);
}

/** `count` requests at rate `arrivals` into capacity `rate`, above it: the longest queue. */
export function burstPeak(count: number, arrivals: number, rate: number): number {
  return count * (1 - rate / arrivals);
}

/** … and when it is empty again, from the burst's begin. */
export function burstDrain(count: number, rate: number): number {
  return count / rate;
}
