/** A second payment for a paid ticket is taken as the first one again: nobody gives it back. */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  number: 11,
  title: "second payment swallowed",
  breaks: ["one-refund"],
  killingSeed: 1,
  typescript: [
    twin(
      "confirm.ts",
      'if (row.state === "C") return giveMoneyBack(state, paymentId, id, "DOUBLEPAY", row);',
      'if (row.state === "C") {\n    answerPayment(state, paymentId, id, "OK", row);\n    return result("DUP", row);\n  }',
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "if row.state == 'C' then return giveMoneyBack(paymentId, id, 'DOUBLEPAY', row) end",
      "if row.state == 'C' then\n    answerPayment(paymentId, id, 'OK', row)\n    return result('DUP', row)\n  end",
    ),
  ],
};

export default await breed(mutant);
