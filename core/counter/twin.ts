/**
 * The counter in TypeScript: what the Lua scripts do, without Redis.
 *
 * The scripts in `lua/` are the definition. `twin/` mirrors them, one file for one script and
 * function by function, and the contract suite in `props/counter/` shows on random sequences of
 * calls that every reply and the whole state are the same. The simulator runs this one.
 */
import type { CounterCall, CounterReply } from "./calls.ts";
import { audit } from "./twin/audit.ts";
import { confirm } from "./twin/confirm.ts";
import { grant } from "./twin/grant.ts";
import { init } from "./twin/init.ts";
import { open } from "./twin/open.ts";
import { refund } from "./twin/refund.ts";
import { release } from "./twin/release.ts";
import { reserve } from "./twin/reserve.ts";
import { resize } from "./twin/resize.ts";
import { settle } from "./twin/settle.ts";
import type { CounterState } from "./state.ts";
import { sweep } from "./twin/sweep.ts";

export type { CounterState } from "./state.ts";
export { createCounter } from "./state.ts";
export { auditCounter } from "./twin/audit.ts";

/**
 * Carries the call out on the state, which it changes, and returns what the script would answer.
 * `redisTimeMs` is what Redis TIME says, in milliseconds; it may go backwards. A malformed call
 * is answered with an error reply and changes nothing.
 */
export function applyCall(
  state: CounterState,
  call: CounterCall,
  redisTimeMs: number,
): CounterReply {
  switch (call.script) {
    case "init":
      return init(state, call, redisTimeMs);
    case "open":
      return open(state, call, redisTimeMs);
    case "reserve":
      return reserve(state, call, redisTimeMs);
    case "confirm":
      return confirm(state, call, redisTimeMs);
    case "release":
      return release(state, call, redisTimeMs);
    case "refund":
      return refund(state, call, redisTimeMs);
    case "settle":
      return settle(state, call, redisTimeMs);
    case "grant":
      return grant(state, call, redisTimeMs);
    case "sweep":
      return sweep(state, call, redisTimeMs);
    case "resize":
      return resize(state, call, redisTimeMs);
    default:
      return audit(state, call, redisTimeMs);
  }
}
