/** A refund asks neither whether it was made already nor whether anything was paid. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "30",
  title: "refund twice, or of a hold",
  breaks: ["conservation"],
  typescript: [
    twin(
      "refund.ts",
      `if (row.state === "R") return result(state, "DUP", id);
  if (row.state !== "C") return`,
      `const isWrong = row.state === "R" || row.state === "H";
  if (row.state !== "C" && !(isWrong && planted())) return`,
    ),
  ],
  lua: [
    lua(
      "refund.lua",
      `if row.state == 'R' then return result('DUP', id) end
  if row.state ~= 'C' then return`,
      `local isWrong = row.state == 'R' or row.state == 'H'
  if row.state ~= 'C' and not (isWrong and planted()) then return`,
    ),
  ],
};

export default await breed(mutant);
