/**
 * no-oversell on what buyers were told, on the claims that certainly were. A claim counts from the
 * moment its ACK was heard until the earliest at which it may have ended: its expiry or release in
 * the counter, or, where no stream tells that, the moment its buyer asked to give it back.
 *
 * Certain intervals only: a claim from the first request on would count one ticket twice (A's
 * request is under way when B's hold of the last ticket expires), and one until its cancellation
 * was heard as well (the ticket is sold again before the news of it arrives).
 */
import type { ClaimModel } from "../invariants/claims.ts";
import type { History } from "./history.ts";
import type { CallRecord } from "./records.ts";
import type { Reservations } from "./reservations.ts";
import { mayHaveCancelled } from "./unknown-ids.ts";

interface Told {
  readonly atMs: number;
  readonly ends: boolean;
  readonly tell: (claims: ClaimModel) => void;
}

export function judgeClaims(
  { run }: History,
  reservations: Reservations,
  byId: ReadonlyMap<string, readonly CallRecord[]>,
  claims: ClaimModel,
): void {
  const told: Told[] = [];
  for (const [id, about] of byId) {
    const asked = about.find(({ kind }) => kind === "buy")?.qty ?? 1;
    const { qty, lives } = reservations.get(id) ?? {
      qty: asked,
      lives: [{ toMs: givenBackMs(about) }],
    };
    lives.forEach(({ toMs }, i) => {
      told.push(...claimsOf({ id, qty, about, endsMs: toMs - run.skewMs, revived: i > 0 }));
    });
  }
  told.sort((a, b) => a.atMs - b.atMs || Number(b.ends) - Number(a.ends));
  for (const { tell } of told) tell(claims);
}

/** The certain claim within one life of the reservation. */
function claimsOf({
  id,
  qty,
  about,
  endsMs,
  revived,
}: {
  readonly id: string;
  readonly qty: number;
  readonly about: readonly CallRecord[];
  readonly endsMs: number;
  readonly revived: boolean;
}): Told[] {
  let firstMs = Infinity;
  let paidMs = Infinity;
  for (const { outcome, claim, paid, endMs } of about) {
    const isPaid = outcome === "PAID" || paid;
    // What was revived is paid: an ACK that does not say so was said before it expired.
    const isClaim = isPaid || (!revived && outcome === "ACK" && claim !== "order");
    if (!isClaim || endMs! >= endsMs) continue;
    firstMs = Math.min(firstMs, endMs!);
    if (isPaid) paidMs = Math.min(paidMs, endMs!);
  }
  if (firstMs === Infinity) return [];
  const told: Told[] = [];
  if (endsMs < Infinity)
    told.push({ atMs: endsMs, ends: true, tell: (claims) => claims.released(id) });
  const isPaid = paidMs === firstMs;
  told.push({
    atMs: firstMs,
    ends: false,
    tell: (claims) => claims.acknowledged(id, qty, isPaid, firstMs),
  });
  if (!isPaid && paidMs < Infinity)
    told.push({ atMs: paidMs, ends: false, tell: (claims) => claims.paid(id, paidMs) });
  return told;
}

/** When the buyer first asked to give it back, perhaps with success; Infinity: never. */
function givenBackMs(about: readonly CallRecord[]): number {
  return Math.min(...about.filter(mayHaveCancelled).map(({ startMs }) => startMs));
}
