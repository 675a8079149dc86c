/** The state of one pre-deduct ticket server: plain data, and nothing else. */
import type { CounterCall, ConfirmItem, IdItem, ReserveItem } from "../counter/calls.ts";
import type { Latch } from "../latch.ts";
import { createLatch } from "../latch.ts";
import type { ServerConfig } from "../strategy.ts";

/** A buyer's reservation on its way: from the admission until its outcome is known. */
export interface Attempt {
  readonly item: ReserveItem;
  /** Everyone to answer: a double click shares the attempt of the first click. */
  readonly handles: number[];
}

/** An item that waits for a flush, with whom to tell. */
export type QueuedItem =
  | { readonly script: "reserve"; readonly item: ReserveItem }
  | { readonly script: "confirm"; readonly item: ConfirmItem; readonly handle: number }
  | { readonly script: "release"; readonly item: IdItem; readonly handle: number }
  | { readonly script: "settle"; readonly item: IdItem; readonly handle: number };

/** `handle` of a settle that the server asks for itself. */
export const NO_HANDLE = -1;

/** One script call under way. */
export interface Batch {
  readonly call: CounterCall;
  readonly items: readonly QueuedItem[];
  readonly sentMs: number;
}

/** A request that waits for the counter's word or for quota. */
export interface WaitingBuy {
  readonly handle: number;
  readonly id: string;
  readonly buyer: string;
  readonly qty: number;
}

export interface EngineState {
  readonly config: ServerConfig;
  /** Slots this server may spend: slice + buffer, or 0 after a restart, plus grants. */
  quota: number;
  /** Slots spent: tickets reserved, being reserved, or of unknown outcome. */
  taken: number;
  readonly latch: Latch;
  epoch: number;
  /** Counter time of the newest reply, and when it was heard; 0 before the first one. */
  counterTimeMs: number;
  counterHeardMs: number;
  draining: boolean;
  /** Until then the counter counts as out of reach, and requests that need it are told so. */
  unreachableUntilMs: number;
  nextOp: number;
  flushAsked: boolean;
  queue: QueuedItem[];
  readonly inflight: Map<number, Batch>;
  /** Reservations whose outcome is not known yet, by id. */
  readonly attempts: Map<string, Attempt>;
  /** Those of them whose call failed: their slots stay spent until `settle` has answered. */
  readonly unresolved: Map<string, Attempt>;
  /**
   * Ids whose reservation made here was acknowledged: each keeps one slot, so at most as many as
   * tickets were ever reserved here. Without them an id that is repeated, and whose second call is
   * lost, would keep a second slot.
   */
  readonly kept: Set<string>;
  settleTimerSet: boolean;
  waiting: WaitingBuy[];
  /** The grant call under way, or 0. */
  grantOp: number;
}

export function createEngine(config: ServerConfig): EngineState {
  return {
    config,
    quota: config.incarnation === 0 ? config.slice + config.buffer : 0,
    taken: 0,
    latch: createLatch(),
    epoch: config.epoch,
    counterTimeMs: 0,
    counterHeardMs: 0,
    draining: false,
    unreachableUntilMs: Number.NEGATIVE_INFINITY,
    nextOp: 1,
    flushAsked: false,
    queue: [],
    inflight: new Map(),
    attempts: new Map(),
    unresolved: new Map(),
    kept: new Set(),
    settleTimerSet: false,
    waiting: [],
    grantOp: 0,
  };
}
