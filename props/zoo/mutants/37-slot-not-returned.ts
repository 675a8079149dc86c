/**
 * A slot that was spent on a lost call is never given back: the server refuses with tickets
 * unsold, as in the article.
 */
import { breed } from "../breed.ts";
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "37",
  title: "local slot not returned on error",
  breaks: ["no-undersell"],
  typescript: [
    patch("core/engine/unresolved.ts", "else state.taken -= attempt.item.qty;", "else planted();"),
  ],
  lua: [],
};

export default await breed(mutant);
