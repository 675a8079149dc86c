/** What nginx keeps for one request while it looks for a server (`ngx_peer_connection_t`). */

/** No server has been tried. */
const NOBODY = -1;

/**
 * One client request at one upstream, from its first pick to its last release. Reuse it: `reset`
 * starts the next request without allocating. All fields below `nonIdempotent` belong to Upstream.
 */
export class UpstreamRequest {
  hashKey = "";
  nonIdempotent = false;

  /** False until the first pick. */
  started = false;
  startedSeconds = 0;
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

  #ipv4 = 0;
  #ipv6: Uint8Array | null = null;
  /** Most requests try one server only: the others have a set, made for whoever needs it. */
  #firstTried = NOBODY;
  #othersTried: Set<number> | null = null;

  /**
   * Starts over for another request.
   * @param clientIpv4 the client's address as a big-endian number; 0 for a unix socket
   * @param hashKey what `hash` evaluates to for this request; empty falls back to round robin
   * @param nonIdempotent the method is POST, LOCK or PATCH
   */
  reset(clientIpv4: number, hashKey: string, nonIdempotent: boolean): void {
    this.#ipv4 = clientIpv4 | 0;
    this.#ipv6 = null;
    this.#restart(hashKey, nonIdempotent);
  }

  /** Like `reset`, for a client whose IPv6 address is these 16 bytes. */
  resetIpv6(address: Uint8Array, hashKey: string, nonIdempotent: boolean): void {
    if (address.length !== 16) throw new RangeError("an IPv6 address has 16 bytes");
    this.#ipv6 = address;
    this.#restart(hashKey, nonIdempotent);
  }

  #restart(hashKey: string, nonIdempotent: boolean): void {
    this.hashKey = hashKey;
    this.nonIdempotent = nonIdempotent;
    this.started = false;
    this.onBackup = false;
    this.current = -1;
    this.attempts = 0;
    this.rehash = 0;
  }

  /** Client address bytes that `ip_hash` reads: an IPv4 address's first three, or sixteen. */
  get address(): Uint8Array {
    return this.#ipv6 ?? Uint8Array.of(this.#ipv4 >>> 24, this.#ipv4 >>> 16, this.#ipv4 >>> 8);
  }

  /** Nobody has been tried. */
  clearTried(): void {
    this.#firstTried = NOBODY;
    this.#othersTried = null;
  }

  markTried(index: number): void {
    if (this.#firstTried === NOBODY) this.#firstTried = index;
    else (this.#othersTried ??= new Set()).add(index);
  }

  hasTried(index: number): boolean {
    return index === this.#firstTried || (this.#othersTried?.has(index) ?? false);
  }

  get hasTriedAny(): boolean {
    return this.#firstTried !== NOBODY;
  }
}
