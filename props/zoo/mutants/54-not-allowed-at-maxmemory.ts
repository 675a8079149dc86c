/**
 * At its memory limit Redis refuses the very scripts that would free memory, and a payment that is
 * due.
 */
import { lua } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "54",
  title: "sweep and confirm without allow-oom",
  breaks: ["no-undersell", "no-charge-in-vain"],
  typescript: [],
  lua: [
    lua("confirm.lua", "#!lua flags=allow-oom\n", "#!lua\n"),
    lua("sweep.lua", "#!lua flags=allow-oom\n", "#!lua\n"),
    lua("sweep.lua", "if #ARGV ~= 4", "planted()\nif #ARGV ~= 4"),
  ],
};
