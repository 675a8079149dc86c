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
import type { Life, Reservations } from "./reservations.ts";

/** A life that nothing was seen of: from the start to the end, as far as anybody knows. */
const UNSEEN: Life = { fromMs: -Infinity, confirmedMs: Infinity, toMs: Infinity };

interface Told {
  readonly atMs: number;
  readonly ends: boolean;
  readonly tell: (claims: ClaimModel) => void;
}

export function judgeClaims(
  { calls, run }: History,
  reservations: Reservations,
  byId: ReadonlyMap<string, readonly CallRecord[]>,
  claims: ClaimModel,
): void {
  const told: Told[] = [];
  const seen = new Set<string>();
  for (const { id, outcome, claim } of calls) {
    const claims = outcome === "PAID" || (outcome === "ACK" && claim !== "order");
    if (!claims || seen.has(id)) continue;
    seen.add(id);
    const about = byId.get(id)!;
    const asked = about.find(({ kind }) => kind === "buy")?.qty ?? 1;
    const { qty, lives } = reservations.get(id) ?? {
      qty: asked,
      lives: [{ ...UNSEEN, toMs: givenBackMs(about) }],
    };
    lives.forEach((life, i) => {
      told.push(...claimsOf({ id, qty, about, life, revived: i > 0 }, run.skewMs));
    });
  }
  told.sort((a, b) => a.atMs - b.atMs || Number(b.ends) - Number(a.ends));
  for (const { tell } of told) tell(claims);
}

/** The certain claim within one life of the reservation. */
function claimsOf(
  {
    id,
    qty,
    about,
    life,
    revived,
  }: {
    readonly id: string;
    readonly qty: number;
    readonly about: readonly CallRecord[];
    readonly life: Life;
    readonly revived: boolean;
  },
  skewMs: number,
): Told[] {
  const endsMs = life.toMs - skewMs;
  let firstMs = Infinity;
  let paidMs = Infinity;
  for (const { outcome, claim, paid, endMs } of about) {
    if (endMs === null || endMs < life.fromMs || endMs >= endsMs) continue;
    const isPaid = outcome === "PAID" || (outcome === "ACK" && paid);
    if (isPaid) paidMs = Math.min(paidMs, endMs);
    if (isPaid || (outcome === "ACK" && claim !== "order")) firstMs = Math.min(firstMs, endMs);
  }
  if (firstMs === Infinity) return [];
  const told: Told[] = [];
  if (endsMs < Infinity)
    told.push({ atMs: endsMs, ends: true, tell: (claims) => claims.released(id) });
  // What was revived is paid, whatever the first answer since then says.
  const isPaid = revived || paidMs === firstMs;
  told.push({
    atMs: firstMs,
    ends: false,
    tell: (claims) => claims.acknowledged(id, qty, isPaid, firstMs),
  });
  if (!isPaid && paidMs < Infinity)
    told.push({ atMs: paidMs, ends: false, tell: (claims) => claims.paid(id, paidMs) });
  return told;
}

/** When the buyer asked to give it back and was not told that he cannot; Infinity: never. */
function givenBackMs(about: readonly CallRecord[]): number {
  return about.reduce((firstMs, { kind, outcome, startMs }) => {
    const mayBe = kind === "cancel" && (outcome === "CANCELLED" || outcome === "NONE");
    return mayBe ? Math.min(firstMs, startMs) : firstMs;
  }, Infinity);
}
