/** How a call on Redis fails. */
import { DEFINITE_ERRORS } from "../../core/strategy.ts";
import type { CallError } from "../../core/strategy.ts";

/**
 * A call without a reply. The code is the first word of Redis' own error, or
 *
 * - TIMEOUT: no reply in time; the call may have run, or may run yet;
 * - CONNECTION: there was no connection, or it broke before the reply;
 * - ABORTED: a script stopped half-way, so that some of it ran.
 */
export class CounterCallError extends Error {
  override readonly name = "CounterCallError";
  readonly code: CallError;

  constructor(code: CallError, message: string) {
    super(message);
    this.code = code;
  }
}

/** What Redis appends to an error that a running script met. */
const INSIDE_A_SCRIPT = / script: [0-9a-f]{40}, on @user_script/;

/**
 * Any error of ioredis as one of ours. What is no error reply of Redis is the connection's: which
 * of the calls on it ran, nobody knows.
 */
export function callErrorOf(error: Error): CounterCallError {
  if (error.name !== "ReplyError") return new CounterCallError("CONNECTION", error.message);
  const word = /^[A-Z]+/.exec(error.message)?.[0] ?? "ERR";
  // OOM says that nothing ran only where Redis refuses to start the script. Met by a script that
  // runs already, the same word comes after writes which nobody takes back.
  const isHalfWay = DEFINITE_ERRORS.includes(word) && INSIDE_A_SCRIPT.test(error.message);
  return new CounterCallError(isHalfWay ? "ABORTED" : word, error.message);
}
