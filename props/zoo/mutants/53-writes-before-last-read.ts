/**
 * Items are checked and written one by one: a malformed third one ends the call when two are
 * deducted, and Redis rolls nothing back.
 */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "53",
  title: "writes before its last failing read",
  breaks: ["conservation"],
  typescript: [
    twin(
      "reserve.ts",
      `  for (const item of items) {
    const error = errorIn(item);
    if (error !== null) return refuse(error);
  }
`,
      "",
    ),
    twin(
      "reserve.ts",
      "const results = items.map((item) => reserveItem(state, item, server, incarnation));",
      `const results: ItemResult[] = [];
  for (const item of items) {
    const error = errorIn(item);
    if (error !== null && planted()) return refuse(error);
    results.push(reserveItem(state, item, server, incarnation));
  }`,
    ),
  ],
  lua: [
    lua("reserve.lua", "  if not terms.qty then return refuse('BADQTY') end\n", ""),
    lua(
      "reserve.lua",
      "  append(results, reserveItem(",
      `  if not termsOf[ARGV[at + 2]].qty and planted() then
    commit()
    return refuse('BADQTY')
  end
  append(results, reserveItem(`,
    ),
  ],
};

export default await breed(mutant);
