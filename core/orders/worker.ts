/**
 * The order worker: it moves reservations from the outbox into the order database, and sweeps
 * expired holds.
 *
 * Read, record in one transaction, acknowledge after the commit: an event is delivered at least
 * once and takes effect exactly once, because orders have unique ids and refunds unique payment
 * ids. What a dead worker has read is claimed after a while by any other. Sweeping is
 * state-checked in the counter, so any number of workers may race.
 */
import type { CounterCall, CounterReply, OutboxEvent } from "../counter/calls.ts";
import type { DatabaseCall } from "./calls.ts";

export interface WorkerConfig {
  /** Consumer name in the group. */
  readonly name: string;
  readonly epoch: number;
  readonly graceMs: number;
  readonly retainMs: number;
  readonly batchMax: number;
  /** Pause between reads that found nothing. */
  readonly pollMs: number;
  /** Events that another worker has read and not acknowledged for this long are claimed. */
  readonly claimIdleMs: number;
  readonly sweepMs: number;
  readonly sweepLimit: number;
  readonly callTimeoutMs: number;
}

export type WorkerInput =
  | { readonly type: "start" }
  | { readonly type: "timer"; readonly timer: "poll" | "sweep" }
  | { readonly type: "outbox-events"; readonly op: number; readonly events: readonly OutboxEvent[] }
  | { readonly type: "acked"; readonly op: number }
  | { readonly type: "database-reply"; readonly op: number }
  | { readonly type: "counter-reply"; readonly op: number; readonly reply: CounterReply }
  | { readonly type: "failed"; readonly op: number };

export type WorkerEffect =
  | {
      readonly type: "read-outbox";
      readonly op: number;
      readonly consumer: string;
      readonly count: number;
      /** Claim events idle for this long instead of reading new ones; 0 to read. */
      readonly claimIdleMs: number;
      readonly timeoutMs: number;
    }
  | {
      readonly type: "ack-outbox";
      readonly op: number;
      readonly positions: readonly string[];
      readonly timeoutMs: number;
    }
  | {
      readonly type: "call-database";
      readonly op: number;
      readonly call: DatabaseCall;
      readonly timeoutMs: number;
    }
  | {
      readonly type: "call-counter";
      readonly op: number;
      readonly call: CounterCall;
      readonly timeoutMs: number;
    }
  | { readonly type: "timer"; readonly timer: "poll" | "sweep"; readonly afterMs: number };

export interface WorkerState {
  readonly config: WorkerConfig;
  epoch: number;
  nextOp: number;
  /** The step of the read-record-acknowledge cycle under way, or 0. */
  cycleOp: number;
  sweepOp: number;
  /** What this cycle has read. */
  events: readonly OutboxEvent[];
  /** What this cycle does: claims alternate with reads, so that neither starves. */
  claiming: boolean;
}

export function createWorker(config: WorkerConfig): WorkerState {
  return {
    config,
    epoch: config.epoch,
    nextOp: 1,
    cycleOp: 0,
    sweepOp: 0,
    events: [],
    claiming: false,
  };
}

export function workerStep(state: WorkerState, input: WorkerInput, out: WorkerEffect[]): void {
  const { config } = state;
  switch (input.type) {
    case "start":
      read(state, out);
      sweep(state, out);
      return;
    case "timer":
      if (input.timer === "poll") read(state, out);
      else sweep(state, out);
      return;
    case "outbox-events":
      if (input.op !== state.cycleOp) return;
      state.events = input.events;
      if (input.events.length === 0) {
        // Nothing to claim: there may still be something to read. Nothing to read: wait.
        if (state.claiming) read(state, out);
        else pause(state, out);
        return;
      }
      state.cycleOp = nextOp(state);
      out.push({
        type: "call-database",
        op: state.cycleOp,
        call: { call: "record", events: input.events },
        timeoutMs: config.callTimeoutMs,
      });
      return;
    case "database-reply":
      if (input.op !== state.cycleOp) return;
      // Only now: an event acknowledged before the commit would be lost with this process.
      state.cycleOp = nextOp(state);
      out.push({
        type: "ack-outbox",
        op: state.cycleOp,
        positions: state.events.map((event) => event.position),
        timeoutMs: config.callTimeoutMs,
      });
      return;
    case "acked":
      if (input.op === state.cycleOp) read(state, out);
      return;
    case "counter-reply":
      if (input.op !== state.sweepOp) return;
      state.sweepOp = 0;
      if (input.reply.code === "FENCED") state.epoch = input.reply.epoch;
      if (input.reply.swept.length >= config.sweepLimit) sweep(state, out);
      else out.push({ type: "timer", timer: "sweep", afterMs: config.sweepMs });
      return;
    case "failed":
      // Whatever was lost is still pending in the outbox, or still due, and comes again.
      if (input.op === state.cycleOp) pause(state, out);
      else if (input.op === state.sweepOp) {
        state.sweepOp = 0;
        out.push({ type: "timer", timer: "sweep", afterMs: config.sweepMs });
      }
      return;
  }
}

function nextOp(state: WorkerState): number {
  const op = state.nextOp;
  state.nextOp += 1;
  return op;
}

function pause(state: WorkerState, out: WorkerEffect[]): void {
  state.cycleOp = 0;
  out.push({ type: "timer", timer: "poll", afterMs: state.config.pollMs });
}

function read(state: WorkerState, out: WorkerEffect[]): void {
  const { config } = state;
  state.cycleOp = nextOp(state);
  state.claiming = !state.claiming;
  out.push({
    type: "read-outbox",
    op: state.cycleOp,
    consumer: config.name,
    count: config.batchMax,
    claimIdleMs: state.claiming ? config.claimIdleMs : 0,
    timeoutMs: config.callTimeoutMs,
  });
}

function sweep(state: WorkerState, out: WorkerEffect[]): void {
  const { config } = state;
  state.sweepOp = nextOp(state);
  out.push({
    type: "call-counter",
    op: state.sweepOp,
    call: {
      script: "sweep",
      epoch: state.epoch,
      limit: config.sweepLimit,
      graceMs: config.graceMs,
      retainMs: config.retainMs,
    },
    timeoutMs: config.callTimeoutMs,
  });
}
