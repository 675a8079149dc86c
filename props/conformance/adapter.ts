/**
 * What a conformance adapter is: it reads the recordings of one kind of software, lets the
 * simulator's model make every recorded decision again, and reports each one.
 */

/** One recording: `scenarios[name]` of a file, as parsed JSON. */
export interface Recording {
  readonly file: string;
  readonly name: string;
  /** The file's `_meta` object: `software` and the legend. */
  readonly meta: Readonly<Record<string, unknown>>;
  readonly scenario: Readonly<Record<string, unknown>>;
}

/** Receives each decision, as the adapter replays a recording. */
export interface DecisionSink {
  /**
   * One decision: what the real software did, and what the model does. `state` is called only for
   * the first mismatch of a recording and describes the model's state that led to it.
   */
  decision(where: string, recorded: string, modelled: string, state: () => string): void;
  /** A recorded time that must lie within the model's bounds; reported apart from decisions. */
  bound(where: string, recordedSeconds: number, lowSeconds: number, highSeconds: number): void;
}

export interface Adapter {
  /** Short name for people: "nginx", "ipvs", "ospf", "ecmp". */
  readonly name: string;
  /** True if this adapter reads recordings with that `_meta`. */
  accepts(meta: Readonly<Record<string, unknown>>): boolean;
  /** Replays one recording with the model, or with one of its deliberately wrong variants. */
  replay(recording: Recording, sink: DecisionSink, variant?: WrongVariant): void;
  readonly wrongVariants: readonly WrongVariant[];
}

/** A model that is wrong on purpose, to show that the recordings can tell. */
export interface WrongVariant {
  readonly name: string;
  /** What it gets wrong, as a sentence. */
  readonly why: string;
  /** What the adapter needs to build it; its shape is the adapter's own affair. */
  readonly model: unknown;
}

/** A scenario whose shape the adapter does not know: a failure that names it, never a skip. */
export class UnknownShape extends Error {
  override readonly name = "UnknownShape";
}
