/** What connections cost the director itself: the traffic across it. */
import type { ForwardingMode } from "./connection-end.ts";

/** Bytes that IPIP encapsulation adds to each forwarded packet: one IPv4 header. */
const TUNNEL_HEADER_BYTES = 20;

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
