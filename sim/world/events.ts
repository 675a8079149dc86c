/** Kinds of kernel events: what `slot` and `argument` mean stands beside each. */

/** A request reaches nginx. Slot: request. */
export const NGINX_ARRIVE = 1;
/** A ticket server has worked on a request. Slot: request; argument: try number. */
export const SERVE = 2;
/** An answer reaches nginx. Slot: request; argument: try number. */
export const NGINX_REPLY = 3;
/** A try ended without an answer. Slot: request; argument: try number. */
export const NGINX_TRY_FAILED = 4;
/** nginx has waited long enough for a server. Slot: request; argument: try number. */
export const NGINX_READ_TIMEOUT = 5;
/** A buyer does something. Slot: buyer; argument: generation of the slot. */
export const BUYER_ACT = 6;
/** The payment provider delivers its message. Slot: payment. */
export const PAYMENT_DELIVER = 7;
/** A ticket server flushes. Slot: server; argument: incarnation. */
export const SERVER_FLUSH = 8;
/** A ticket server's timer. Argument: timer number. */
export const SERVER_TIMER = 9;
/** An order worker's timer. Argument: timer number. */
export const WORKER_TIMER = 10;
/** A call reaches Redis. Argument: packet number. */
export const REDIS_ARRIVE = 11;
/** Redis has run the calls of this pass and sends their replies. Slot: restarts so far. */
export const REDIS_PASS_END = 12;
/** A call is answered. Argument: call number. */
export const CALL_REPLY = 13;
/** A caller has waited long enough. Argument: call number. */
export const CALL_TIMEOUT = 14;
/** A transaction reaches the order database. Argument: call number. */
export const DATABASE_ARRIVE = 15;
/** A transaction commits. Argument: call number. */
export const DATABASE_COMMIT = 16;
/** An episode of the fault plan begins or ends. Slot: episode. */
export const FAULT_BEGIN = 17;
export const FAULT_END = 18;
/** OSPF has something to do. */
export const OSPF_ADVANCE = 19;
/** A director takes an nginx out, or back. Slot: director; argument: check number. */
export const DIRECTOR_CHECK = 20;
/** The world looks whether everything is settled. */
export const LOOK_AROUND = 21;
/** A probe is due. Slot: server; argument: how often it was put off there. */
export const PROBE = 22;
/** The sale opens: everything starts. */
export const OPEN = 23;

/**
 * Kinds whose events follow after a delay that is nearly constant, so that they come in order: hops
 * between the layers, and time limits.
 */
export const ORDERLY_KINDS = [
  NGINX_ARRIVE,
  SERVE,
  NGINX_REPLY,
  CALL_TIMEOUT,
  NGINX_READ_TIMEOUT,
  SERVER_FLUSH,
  REDIS_ARRIVE,
  CALL_REPLY,
] as const;
