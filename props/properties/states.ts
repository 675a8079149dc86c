/**
 * `sometimes` assertions: the states that the suites claim to reach, each with the sentence that a
 * reader wants to see true. A state that no run reaches is one that nothing was shown about, so it
 * fails the suite.
 *
 * They are seen from outside, in what a strategy's servers and counter are asked and answer
 * (`observe-counter.ts`, `observe-server.ts`): the engine counts nothing itself.
 */
export const STATES = {
  // ---- What the counter is asked, and in which state the id is
  "sold out": "the counter refuses a reservation, for nothing is left",
  "sold out for a party": "one wants more than is left, and something is left",
  "buyer limit": "a buyer is refused what would exceed his limit",
  "late request": "a request reaches the counter after its own deadline",
  "call delivered twice": "the very same call reaches the counter a second time",
  "id with other arguments": "an id comes again and asks for something else (CONFLICT)",
  "id of an expired hold": "an id comes again whose hold has expired (DUP X)",
  "request behind its tombstone": "a request lands after its outcome was settled as nothing",
  "retry at another server": "a retry finds the reservation that another server made",
  "payment 1 ms before the deadline": "a payment reaches the counter 1 ms before the deadline",
  "payment at the deadline": "a payment reaches the counter at the very deadline",
  "payment 1 ms after the deadline": "a payment reaches the counter 1 ms after the deadline",
  "late payment": "a payment finds its hold expired and gets no ticket",
  "late payment after resale": "a payment finds its hold expired and its ticket sold to others",
  "late payment revives": "a payment finds its hold expired, and stock to take again",
  "second payment": "a second payment for what is paid already (DOUBLEPAY)",
  "payment for two": "one payment id is used for another reservation (PAYMENTCONFLICT)",
  "payment delivered again": "the provider delivers a payment again that has confirmed",
  "payment after refund": "a payment is delivered again after its ticket was taken back",
  "payment for a released hold": "a payment comes for what its buyer gave back",
  "release of what is paid": "one gives back what is paid already, and is told so",
  "release before its reservation": "a cancellation overtakes its request and leaves a tombstone",
  refund: "a paid ticket is taken back and is on sale again",
  "sweep stops at its limit": "a sweep expires as many holds as it may, and leaves the rest",
  "two sweepers at once": "a second sweep follows within the same millisecond as one that expired",
  "sale grows when sold out": "the organiser adds tickets when nothing was left",
  "sale may not shrink": "the organiser wants fewer tickets than are sold (BELOWSOLD)",
  "sale shrinks": "the organiser takes back tickets that nobody has",

  // ---- What a server hears and tells
  "batch of several": "one call carries the reservations of several buyers",
  "refused without a call": "a buyer is refused on the counter's recent word, without a call",
  "latch reopened": "a server that heard of no stock hears of some, of a newer generation",
  "late SOLDOUT of an old generation": "a SOLDOUT arrives that is older than what was heard since",
  "buffer exhausted":
    "a server has spent its quota with stock left elsewhere, and may ask for none",
  "grant given": "a server with a waiting buyer is granted quota, and sells on",
  "grant refused": "a server asks for quota, there is no stock, and who waited is refused",
  "double click": "two clicks under one id share one reservation, and both are answered",
  "definite error": "the counter could not run a call, and says so: its slots are free again",
  timeout: "a call is given up without an answer",
  "reply after its timeout": "the reply to a call comes after the call was given up",
  "reply read too late": "a process that stood still reads what the counter said long ago",
  "unknown, and had run": "an unknown outcome turns out to be a reservation",
  "unknown, and had not run": "an unknown outcome turns out to be nothing",
  "counter out of reach": "buyers are put off because the counter does not answer",
  overload: "buyers are put off because too many wait",
  "crash between call and reply": "a server dies after the counter ran its call, unheard",
  "restarted server sells": "a server that has lost its quota sells on what it was granted",
  "draining refuses": "a draining server takes no new buyer",
  "draining finishes": "a draining server still answers who waited for it",

  // ---- The order worker
  "worker dies before it acknowledges": "events come again that a worker recorded before it died",
} as const;

export type StateName = keyof typeof STATES;
export const STATE_NAMES = Object.keys(STATES) as StateName[];

/** How often each state was reached. */
export class Sightings {
  readonly #counts = new Map<StateName, number>();

  see(state: StateName): void {
    this.#counts.set(state, this.count(state) + 1);
  }

  count(state: StateName): number {
    return this.#counts.get(state) ?? 0;
  }

  /** Those that were never reached. */
  missing(): StateName[] {
    return STATE_NAMES.filter((state) => this.count(state) === 0);
  }

  toJSON(): Record<StateName, number> {
    return Object.fromEntries(STATE_NAMES.map((state) => [state, this.count(state)])) as Record<
      StateName,
      number
    >;
  }
}
