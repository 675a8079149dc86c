/** Which answers a suite has seen: one that never occurred is one that nothing was shown about. */
import type { CounterCall, CounterReply, ScriptName } from "../../core/counter/calls.ts";
import {
  CONFIRM_CODES,
  REFUND_CODES,
  RELEASE_CODES,
  RESERVE_CODES,
  SETTLE_CODES,
} from "../../core/counter/calls.ts";

/** Every answer that there is, by script. SEALED is reserved: no script gives it yet. */
const ANSWERS: Readonly<Record<ScriptName, readonly string[]>> = {
  init: ["OK", "EXISTS", "CONFLICT", "BADTOTAL", "BADARG"],
  open: ["OK", "DUP", "FENCED", "NOEVENT", "BADARG"],
  reserve: [
    ...RESERVE_CODES.filter((code) => code !== "SEALED"),
    "NOEVENT",
    "BADARG",
    "BADQTY",
    "BADTTL",
  ],
  confirm: [...CONFIRM_CODES, "NOEVENT", "BADARG"],
  release: [...RELEASE_CODES, "NOEVENT", "BADARG"],
  refund: [...REFUND_CODES, "NOEVENT", "BADARG"],
  settle: [...SETTLE_CODES, "NOEVENT", "BADARG"],
  grant: ["OK", "FENCED", "NOEVENT", "BADARG"],
  sweep: ["OK", "FENCED", "NOEVENT", "BADARG"],
  resize: ["OK", "DUP", "CONFLICT", "BELOWSOLD", "FENCED", "NOEVENT", "BADARG", "BADTOTAL"],
  audit: ["OK", "NOEVENT"],
};

export class Coverage {
  readonly #seen = new Set<string>();

  see(call: CounterCall, reply: CounterReply): void {
    if (reply.error !== null) this.#seen.add(`${call.script} ${reply.error}`);
    else if ("items" in call) {
      for (const { code } of reply.results) this.#seen.add(`${call.script} ${code}`);
    } else this.#seen.add(`${call.script} ${reply.code}`);
  }

  missing(): string[] {
    return all().filter((answer) => !this.#seen.has(answer));
  }

  /** Answers seen that no script should give. */
  unknown(): string[] {
    const known = new Set(all());
    return [...this.#seen].filter((answer) => !known.has(answer));
  }
}

function all(): string[] {
  return Object.entries(ANSWERS).flatMap(([script, codes]) =>
    codes.map((code) => `${script} ${code}`),
  );
}
