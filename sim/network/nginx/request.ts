/** What nginx keeps for one request while it looks for a server (`ngx_peer_connection_t`). */

/** Bits of the `tried` set in one word. */
const WORD_BITS = 32;

/**
 * One client request at one upstream, from its first pick to its last release. Reuse it: `reset`
 * starts the next request without allocating. All fields below `nonIdempotent` belong to Upstream.
 */
export class UpstreamRequest {
  /** Client address bytes that `ip_hash` reads: an IPv4 address's first three, or sixteen. */
  address: Uint8Array;
  hashKey = "";
  nonIdempotent = false;

  /** False until the first pick. */
  started = false;
  startedSeconds = 0;
  /** Whether the tried set holds anyone. */
  hasTriedAny = false;
  onBackup = false;
  /** Tries left. */
  tries = 0;
  /** Index of the server of the try under way in its list, or -1 between tries. */
  current = -1;
  /** Failed attempts of a hash or random method to land on a usable server, over all tries. */
  attempts = 0;
  /** ip_hash: its hash; hash: the sum of hashes; hash consistent: a position on the ring. */
  hash = 0;
  /** hash: how often the key was hashed. */
  rehash = 0;

  readonly #ipv4Prefix = new Uint8Array(3);
  #tried = new Int32Array(2);

  constructor() {
    this.address = this.#ipv4Prefix;
  }

  /**
   * Starts over for another request.
   * @param clientIpv4 the client's address as a big-endian number; 0 for a unix socket
   * @param hashKey what `hash` evaluates to for this request; empty falls back to round robin
   * @param nonIdempotent the method is POST, LOCK or PATCH
   */
  reset(clientIpv4: number, hashKey: string, nonIdempotent: boolean): void {
    const prefix = this.#ipv4Prefix;
    prefix[0] = clientIpv4 >>> 24;
    prefix[1] = clientIpv4 >>> 16;
    prefix[2] = clientIpv4 >>> 8;
    this.#restart(prefix, hashKey, nonIdempotent);
  }

  /** Like `reset`, for a client whose IPv6 address is these 16 bytes. */
  resetIpv6(address: Uint8Array, hashKey: string, nonIdempotent: boolean): void {
    if (address.length !== 16) throw new RangeError("an IPv6 address has 16 bytes");
    this.#restart(address, hashKey, nonIdempotent);
  }

  #restart(address: Uint8Array, hashKey: string, nonIdempotent: boolean): void {
    this.address = address;
    this.hashKey = hashKey;
    this.nonIdempotent = nonIdempotent;
    this.started = false;
    this.onBackup = false;
    this.current = -1;
    this.attempts = 0;
    this.rehash = 0;
  }

  /** Empties the tried set and makes room for a list of that many servers. */
  clearTried(serverCount: number): void {
    if (serverCount > this.#tried.length * WORD_BITS) {
      this.#tried = new Int32Array(Math.ceil(serverCount / WORD_BITS));
    } else if (this.hasTriedAny) {
      this.#tried.fill(0);
    }
    this.hasTriedAny = false;
  }

  markTried(index: number): void {
    this.hasTriedAny = true;
    this.#tried[index >>> 5] |= 1 << (index & 31);
  }

  hasTried(index: number): boolean {
    return (this.#tried[index >>> 5] & (1 << (index & 31))) !== 0;
  }
}
