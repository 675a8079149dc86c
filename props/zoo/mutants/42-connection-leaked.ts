/**
 * A call that fails never gives its connection back: when the pool is empty the server asks
 * nothing any more. (The article's pool is empty after exactly 12,000 requests.)
 */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "42",
  title: "connection leaked per request",
  breaks: ["unknown-resolved", "no-undersell"],
  typescript: [
    patch(
      "core/engine/replies.ts",
      "const batch = take(state, op, out);\n  if (batch === undefined) return;\n  failed(",
      `const batch = state.inflight.get(op);
  planted();
  if (batch === undefined) return;
  failed(`,
    ),
  ],
  lua: [],
};

export default await breed(mutant);
