/**
 * The orderly end of a ticket server: nobody new is admitted, everybody who waits is answered, and
 * then the connections are closed.
 */
import { once } from "node:events";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Desk } from "./desk.ts";

/** Every call has its own, shorter time limit; this bounds queues of them. */
const ANSWERS_MS_MAX = 20_000;
/** Connections that are still open then belong to clients that send or read very slowly. */
const CLOSING_MS_MAX = 1000;
const LOOK_MS = 10;

/** Resolves with the number of requests left without an answer. */
export async function drain(http: Server, desk: Desk): Promise<number> {
  const closed = once(http, "close");
  // Refuses new connections, and closes the idle ones. A request on one that is open is told to
  // try again, and that the connection ends.
  http.close();
  desk.drain();
  const answeredByMs = performance.now() + ANSWERS_MS_MAX;
  while (isBusy(desk) && performance.now() < answeredByMs) await sleep(LOOK_MS);
  const unanswered = desk.gauges().inFlight;

  // An answer that is written may still be on its way out: only idle connections are closed yet.
  const closing = setInterval(() => http.closeIdleConnections(), LOOK_MS);
  await Promise.race([closed, sleep(CLOSING_MS_MAX, undefined, { ref: false })]);
  clearInterval(closing);
  http.closeAllConnections();
  await closed;
  return unanswered;
}

function isBusy(desk: Desk): boolean {
  const { inFlight, callsInFlight } = desk.gauges();
  return inFlight > 0 || callsInFlight > 0;
}
