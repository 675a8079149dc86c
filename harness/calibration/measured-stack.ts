/** What a calibration needs of the stack it measures: the real one, or a synthetic one in tests. */
import type { Sample } from "./measures.ts";

/** Processor time since the start, in microseconds. */
export interface Use {
  /** How long the ticket server's event loop was not waiting. */
  readonly serverBusyUs: number;
  readonly nginxUs: number;
}

/** Microseconds. */
export interface RedisCost {
  readonly callUs: number;
  /** For each item of a call. */
  readonly itemUs: number;
}

export interface MeasuredStack {
  /** Sends a request at each of these times from now on, whatever becomes of the ones before. */
  send(dueMs: readonly number[]): Promise<Sample>;
  use(): Promise<Use>;
  /** Round trips of so many idle PINGs, in milliseconds. */
  pings(count: number): Promise<number[]>;
  redisCost(): Promise<RedisCost>;
}
