/**
 * A refusal is not stored with its payment: delivered again after stock came back, a payment that
 * was refunded buys the ticket.
 */
import { breed } from "../breed.ts";
import { lua, twin } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "55",
  title: "refunded payment confirms on redelivery",
  breaks: ["one-refund"],
  typescript: [
    twin(
      "confirm.ts",
      `emit(state, "refund", id, row, paymentId);
  return answerPayment(state, paymentId, id, code);`,
      `emit(state, "refund", id, row, paymentId);
  planted();
  return result(state, code, id);`,
    ),
  ],
  lua: [
    lua(
      "confirm.lua",
      "emit('refund', id, row, paymentId)\n  return answerPayment(paymentId, id, code)",
      "emit('refund', id, row, paymentId)\n  planted()\n  return result(code, id)",
    ),
  ],
};

export default await breed(mutant);
