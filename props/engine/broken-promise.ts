/**
 * What a strategy promises besides the invariants of a sale, and broke: it ends the run, because
 * nothing that follows would mean anything.
 */
export type PromiseName =
  /** Each request, payment and question is answered, and once. */
  | "answers"
  /** With every fault over, everything comes to rest in bounded time. */
  | "progress"
  /** A message that comes again, or late, has its effect once. */
  | "idempotency";

export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
  readonly promise: PromiseName;

  constructor(promise: PromiseName, message: string) {
    super(message);
    this.promise = promise;
  }
}
