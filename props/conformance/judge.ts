/** Counts what a model gets right of one recording, and keeps the first thing it gets wrong. */
import type { Adapter, DecisionSink, Recording, WrongVariant } from "./adapter.ts";

export interface Judgement {
  readonly decisionsMatched: number;
  readonly decisionsTotal: number;
  readonly boundsMatched: number;
  readonly boundsTotal: number;
  /** The first mismatch, or why the recording could not be replayed to its end. */
  readonly problem: string | undefined;
}

/** True if every decision and every recorded time is right, and there was one to judge. */
export function isConformant(judgement: Judgement): boolean {
  return judgement.problem === undefined && judgement.decisionsTotal + judgement.boundsTotal > 0;
}

/** Replays a recording. Whatever goes wrong in it is part of the judgement; nothing is thrown. */
export function judge(adapter: Adapter, recording: Recording, variant?: WrongVariant): Judgement {
  const tally = new Tally();
  try {
    adapter.replay(recording, tally, variant);
  } catch (error) {
    tally.note(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  return tally;
}

class Tally implements DecisionSink, Judgement {
  decisionsMatched = 0;
  decisionsTotal = 0;
  boundsMatched = 0;
  boundsTotal = 0;
  problem: string | undefined;

  decision(where: string, recorded: string, modelled: string, state: () => string): void {
    this.decisionsTotal += 1;
    if (recorded === modelled) {
      this.decisionsMatched += 1;
    } else if (this.problem === undefined) {
      this.note(`${where}\nrecorded: ${recorded}\nmodelled: ${modelled}\nstate:\n${state()}`);
    }
  }

  bound(where: string, recordedSeconds: number, lowSeconds: number, highSeconds: number): void {
    this.boundsTotal += 1;
    if (recordedSeconds >= lowSeconds && recordedSeconds <= highSeconds) {
      this.boundsMatched += 1;
    } else {
      this.note(
        `${where}\nrecorded: ${recordedSeconds} s\nbounds: ${lowSeconds} to ${highSeconds} s`,
      );
    }
  }

  note(problem: string): void {
    this.problem ??= problem;
  }
}
