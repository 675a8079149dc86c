/** The bugs of the protocol's list that are no mutants here, and why. */
export interface AbsentBug {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

const LEDGER =
  "there is no ledger yet: Redis losing what it acknowledged is not promised to be survived";

export const ABSENT: readonly AbsentBug[] = [
  { id: "44", title: "ack before ledger", why: LEDGER },
  { id: "45a", title: "recovery trusts Redis", why: LEDGER },
  { id: "45b", title: "no epoch bump", why: LEDGER },
  { id: "46", title: "seal compares run_id only", why: "there is no seal yet" },
  { id: "47", title: "lease reclaimed without closing it", why: "there are no chunk leases yet" },
];
