/** What connections cost the director itself: traffic across it and its connection table. */
import type { ForwardingMode } from "./connection-end.ts";

/** Bytes that IPIP encapsulation adds to each forwarded packet: one IPv4 header. */
const TUNNEL_HEADER_BYTES = 20;
/** Default size of the connection table, 2^12 chained buckets (IPVS 1.2.1, `size=4096`). */
const TABLE_BUCKETS = 4096;

/** One direction of a connection. */
export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
}

/**
 * Packets and bytes that the director sends on for a connection. With NAT it carries requests and
 * replies, so both bound its link and processor; with direct routing and tunnelling replies go
 * straight from the server to the client.
 */
export function forwardedTraffic(
  mode: ForwardingMode,
  requests: Traffic,
  replies: Traffic,
): Traffic {
  switch (mode) {
    case "nat":
      return {
        packets: requests.packets + replies.packets,
        bytes: requests.bytes + replies.bytes,
      };
    case "dr":
      return requests;
    case "tun":
      return {
        packets: requests.packets,
        bytes: requests.bytes + requests.packets * TUNNEL_HEADER_BYTES,
      };
    default:
      throw new RangeError(`no such forwarding mode: ${String(mode)}`);
  }
}

/**
 * Entries that a lookup of a new connection walks past on average. The table has no hard limit:
 * more entries cost memory and time, they never change a pick.
 */
export function connectionChainLength(entries: number, buckets: number = TABLE_BUCKETS): number {
  return entries / buckets;
}
