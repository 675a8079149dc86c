/** A server whose quota is spent says that the sale is sold out. */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "59",
  title: "quota spent answered as SOLDOUT",
  breaks: ["latch"],
  typescript: [
    patch(
      "core/engine/admission.ts",
      '    tryAgain(buy, "quota", out);',
      `    planted();
    out.push({ type: "answer", handle: buy.handle, answer: "SOLDOUT", id: buy.id });`,
    ),
  ],
  lua: [],
};

export default await breed(mutant);
