/**
 * How connections end, and the state in which the director's entry is left.
 *
 * The director judges by the packets that it sees. With NAT these are both directions; with direct
 * routing and tunnelling only the client's, so that a reset by the server goes unnoticed.
 *
 * Source: Linux 6.1 `ip_vs_proto_tcp`, timeouts and NAT states recorded on 6.1.176. LAST_ACK
 * (30 s) and UDP (300 s) exist too; no TCP connection that we model ends there.
 */

const NS_PER_SECOND = 1e9;

/** How the director forwards: masquerading, direct routing (MAC rewrite) or IPIP tunnelling. */
export type ForwardingMode = "nat" | "dr" | "tun";

/** What became of a connection; numbers, because they cross a hot path. */
export type ConnectionEnd = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
/** The client closed first, the server answered with its own FIN. */
export const FIN_BY_CLIENT = 0;
/** The server closed first, the client answered with its own FIN. */
export const FIN_BY_SERVER = 1;
export const RST_BY_CLIENT = 2;
export const RST_BY_SERVER = 3;
/** The server answered the SYN with RST: nothing listens on the port. */
export const SYN_REFUSED = 4;
/** Nothing ever answered the SYN. */
export const SYN_UNANSWERED = 5;
/** The client closed, the server never answered. */
export const HALF_CLOSED_BY_CLIENT = 6;
/** The server closed, the client never answered. */
export const HALF_CLOSED_BY_SERVER = 7;
/** Both ends fell silent without closing. */
export const ABANDONED = 8;

export const CONNECTION_ENDS = 9;

export type TcpState =
  | "SYN_RECV"
  | "ESTABLISHED"
  | "FIN_WAIT"
  | "TIME_WAIT"
  | "CLOSE_WAIT"
  | "CLOSE";

/** Seconds that an entry stays in each state after the last packet. */
export type TcpTimeouts = Readonly<Record<TcpState, number>>;

/** `ipvsadm --set` reaches only ESTABLISHED and FIN_WAIT (recorded); the rest is compiled in. */
export const TCP_TIMEOUT_SECONDS: TcpTimeouts = {
  SYN_RECV: 60,
  ESTABLISHED: 900,
  FIN_WAIT: 120,
  TIME_WAIT: 120,
  CLOSE_WAIT: 60,
  CLOSE: 10,
};

const SEEN_BOTH_WAYS: readonly TcpState[] = [
  "TIME_WAIT",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE",
  "CLOSE",
  "SYN_RECV",
  "CLOSE_WAIT",
  "FIN_WAIT",
  "ESTABLISHED",
];

// Whoever closes first, the director sees one FIN, the client's.
const SEEN_FROM_CLIENT: readonly TcpState[] = [
  "FIN_WAIT",
  "FIN_WAIT",
  "CLOSE",
  "ESTABLISHED",
  "SYN_RECV",
  "SYN_RECV",
  "FIN_WAIT",
  "ESTABLISHED",
  "ESTABLISHED",
];

/** The state that a connection's end leaves its entry in. */
export function finalState(mode: ForwardingMode, end: ConnectionEnd): TcpState {
  return (mode === "nat" ? SEEN_BOTH_WAYS : SEEN_FROM_CLIENT)[end];
}

/** True for the states that IPVS counts as active connections. */
export function isActiveState(state: TcpState): boolean {
  return state === "SYN_RECV" || state === "ESTABLISHED";
}

/**
 * The same end while the server is removed from the pool: the director then drops the client's
 * packets (expire_nodest_conn = 0) but passes on the server's.
 */
export function endWhileRemoved(mode: ForwardingMode, end: ConnectionEnd): ConnectionEnd {
  if (end === RST_BY_SERVER || end === SYN_REFUSED || end === SYN_UNANSWERED) return end;
  if (mode === "nat" && (end === FIN_BY_SERVER || end === HALF_CLOSED_BY_SERVER)) {
    return HALF_CLOSED_BY_SERVER;
  }
  return ABANDONED;
}

/** True if the client goes on retransmitting a FIN that a removed server's director dropped. */
export function clientRepeatsFin(mode: ForwardingMode, end: ConnectionEnd): boolean {
  if (end === FIN_BY_CLIENT || end === HALF_CLOSED_BY_CLIENT) return true;
  return end === FIN_BY_SERVER && mode !== "nat";
}

/** Per end: how long its entry lives on, and whether it goes on counting as active. */
export class EndTable {
  readonly lifetimeNs = new Float64Array(CONNECTION_ENDS);
  readonly staysActive = new Uint8Array(CONNECTION_ENDS);
  readonly longestNs: number;

  constructor(mode: ForwardingMode, timeouts: TcpTimeouts) {
    for (let end = 0; end < CONNECTION_ENDS; end += 1) {
      const state = finalState(mode, end as ConnectionEnd);
      this.lifetimeNs[end] = timeouts[state] * NS_PER_SECOND;
      this.staysActive[end] = isActiveState(state) ? 1 : 0;
    }
    this.longestNs = Math.max(...Object.values(timeouts)) * NS_PER_SECOND;
  }
}
