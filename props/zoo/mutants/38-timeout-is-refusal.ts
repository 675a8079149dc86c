/**
 * A call that took too long is told as sold out, though it may have deducted. (The article: an
 * error, a timeout and "sold out" are one answer.)
 */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "38",
  title: "timeout = refusal",
  breaks: ["latch"],
  typescript: [
    patch(
      "core/engine/replies.ts",
      "failed(state, op, batch, DEFINITE_ERRORS.includes(error), nowMs, out);",
      `const isRefusal = error === "TIMEOUT" && planted();
  const from = out.length;
  failed(state, op, batch, isRefusal || DEFINITE_ERRORS.includes(error), nowMs, out);
  for (let i = from; isRefusal && i < out.length; i += 1) {
    const effect = out[i];
    if (effect.type === "answer" && effect.answer === "TRYAGAIN")
      out[i] = { type: "answer", handle: effect.handle, answer: "SOLDOUT", id: effect.id };
  }`,
    ),
  ],
  lua: [],
};

export default await breed(mutant);
