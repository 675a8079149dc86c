/** What a buyer can be told. A timeout is never a refusal and never a success. */
export type Answer =
  /** The ticket is yours: held until the deadline, or sold. */
  | "ACK"
  /** No stock, on the counter's word. */
  | "SOLDOUT"
  /** This buyer already holds as many as one buyer may. */
  | "USERLIMIT"
  /** Nothing was deducted; a later request may succeed. */
  | "TRYAGAIN"
  /** The outcome is not known; ask about the id. */
  | "UNKNOWN";

/** Why a TRYAGAIN was said. Only `quota` can be a server's own doing with stock left. */
export type TryAgainReason =
  /** The server's quota is spent and may not be refilled. */
  | "quota"
  /** The counter did not answer. */
  | "unreachable"
  /** A queue is full. */
  | "overload"
  /** The server is shutting down. */
  | "draining"
  /** The sale is not open yet. */
  | "not-open"
  /** The request took too long to reach the counter. */
  | "late"
  /** The id belongs to a reservation that ended, or to other arguments: take a new id. */
  | "id-spent";

/** What the payment provider is told about a charge. */
export type PaymentAnswer =
  /** The reservation is confirmed by this payment. */
  | "PAID"
  /** The charge confirms nothing and will be given back. */
  | "REFUND"
  /** This payment id was used for another reservation: the charge is accounted for there. */
  | "PAYMENTCONFLICT"
  /** No outcome known: deliver again. */
  | "TRYAGAIN";

/** What a buyer who cancels is told. */
export type CancelAnswer = "CANCELLED" | "CONFIRMED" | "TRYAGAIN";
