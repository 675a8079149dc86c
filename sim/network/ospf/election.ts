/**
 * Election of the designated router and its backup on a broadcast network (RFC 2328, section 9.4),
 * as FRR 8.4.4 was recorded: highest priority, then highest router id; priority 0 never; who holds
 * an office keeps it; the backup takes over; when two halves merge, the better of the two
 * designated routers stays and the other one steps down.
 */

/** What a router knows of one router on the network, itself included, from its Hellos. */
export interface Candidate {
  readonly routerId: number;
  readonly priority: number;
  /** Router ids that it declares, 0 for none. */
  readonly designated: number;
  readonly backup: number;
}

export interface Offices {
  readonly designated: number;
  readonly backup: number;
}

/** What router `self` concludes from its own state and that of the neighbours it hears. */
export function elect(self: Candidate, neighbours: readonly Candidate[]): Offices {
  const first = round([self, ...neighbours]);
  const id = self.routerId;
  const unchanged =
    (first.designated === id) === (self.designated === id) &&
    (first.backup === id) === (self.backup === id);
  if (unchanged) return first;
  // A router whose own office changed elects again with the new office declared, so that nobody
  // ends up as designated router and backup in one.
  return round([{ ...self, ...first }, ...neighbours]);
}

function round(candidates: readonly Candidate[]): Offices {
  const eligible = candidates.filter((candidate) => candidate.priority > 0);
  const others = eligible.filter((candidate) => candidate.designated !== candidate.routerId);
  const claimants = others.filter((candidate) => candidate.backup === candidate.routerId);
  const backup = best(claimants.length > 0 ? claimants : others);
  const designated = best(eligible.filter((c) => c.designated === c.routerId));
  return { designated: designated === 0 ? backup : designated, backup };
}

/** Router id of the best candidate, 0 if there is none. */
function best(candidates: readonly Candidate[]): number {
  let winner: Candidate | undefined;
  for (const candidate of candidates) {
    if (
      winner === undefined ||
      candidate.priority > winner.priority ||
      (candidate.priority === winner.priority && candidate.routerId > winner.routerId)
    ) {
      winner = candidate;
    }
  }
  return winner?.routerId ?? 0;
}
