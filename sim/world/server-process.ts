/** One ticket server process as the world sees it, and the requests that it owes an answer. */
import type { Requests } from "./requests.ts";

export interface ServerProcess {
  state: unknown;
  incarnation: number;
  startNs: number;
  alive: boolean;
  paused: boolean;
  /** Dies when the next counter reply reaches it, before it reads it. */
  diesAtReply: boolean;
  frontCut: boolean;
  slowFactor: number;
  /** When its thread is free again. */
  freeNs: number;
  /** First of the requests that the strategy owes an answer, or -1. */
  openHead: number;
  /** What reached a paused process: it reads it when it goes on. */
  readonly backlog: (() => void)[];
  requests: number;
  crashes: number;
}

/** A process that was never started. */
export function createProcess(): ServerProcess {
  return {
    state: null,
    incarnation: -1,
    startNs: 0,
    alive: false,
    paused: false,
    diesAtReply: false,
    frontCut: false,
    slowFactor: 1,
    freeNs: 0,
    openHead: -1,
    backlog: [],
    requests: 0,
    crashes: 0,
  };
}

/** The strategy has the request from now on: when the process dies, its connection breaks. */
export function linkOpen(requests: Requests, process: ServerProcess, request: number): void {
  requests.open[request] = 1;
  requests.previousOpen[request] = -1;
  requests.nextOpen[request] = process.openHead;
  if (process.openHead >= 0) requests.previousOpen[process.openHead] = request;
  process.openHead = request;
}

/** The request is answered, or its connection is broken. */
export function unlinkOpen(requests: Requests, process: ServerProcess, request: number): void {
  requests.open[request] = 0;
  const next = requests.nextOpen[request];
  const previous = requests.previousOpen[request];
  if (previous >= 0) requests.nextOpen[previous] = next;
  else process.openHead = next;
  if (next >= 0) requests.previousOpen[next] = previous;
}
