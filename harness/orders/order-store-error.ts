/** How a call on the order store fails. */
import type { CallError } from "../../core/strategy.ts";

/** A call that has no reply. The code is an SQLSTATE, or TIMEOUT or CONNECTION at a client. */
export class OrderStoreError extends Error {
  override readonly name = "OrderStoreError";
  readonly code: CallError;

  constructor(code: CallError, message: string) {
    super(message);
    this.code = code;
  }
}
