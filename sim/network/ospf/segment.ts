/** The offices on one broadcast network, as all its routers come to see them. */
import type { Candidate } from "./election.ts";
import { elect } from "./election.ts";
import type { Link, LinkEnd } from "./topology.ts";
import { neighboursOf } from "./topology.ts";

/**
 * Lets every router on the network elect, and hear what the others declare, until nobody changes
 * its mind. In reality that takes a hello or two; here it is at once, which is an approximation of
 * at most two hello intervals. Ends that cannot hear each other settle apart.
 */
export function settleOffices(link: Link): void {
  // Each round can at most promote one designated router and one backup.
  for (let round = 0; round < 2 * link.ends.length; round++) {
    let changed = false;
    for (let end = 0; end < link.ends.length; end++) {
      if (electAt(link, end)) changed = true;
    }
    if (!changed) return;
  }
}

/** True if that end changed its mind. */
function electAt(link: Link, end: number): boolean {
  const self = link.ends[end];
  if (!self.up) return false;
  const neighbours = neighboursOf(link, end).map((index) => candidate(link.ends[index]));
  if (self.waitingUntilNs > 0) {
    const inOffice = neighbours.some(
      (other) => other.designated === other.routerId || other.backup === other.routerId,
    );
    if (!inOffice) return false;
    self.waitingUntilNs = 0;
  }
  const { designated, backup } = elect(candidate(self), neighbours);
  const changed = designated !== self.designated || backup !== self.backup;
  self.designated = designated;
  self.backup = backup;
  return changed;
}

function candidate({ routerId, priority, designated, backup }: LinkEnd): Candidate {
  return { routerId, priority, designated, backup };
}
