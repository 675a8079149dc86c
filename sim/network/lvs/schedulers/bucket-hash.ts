/** `sh` and `dh`: 256 buckets dealt out over the servers, addressed by a multiplicative hash. */
import type { RealServer } from "../real-server.ts";
import { TableScheduler, isAvailable } from "./scheduler.ts";

const BUCKETS = 256;
/** `GOLDEN_RATIO_32` of Linux: 2^32 divided by the square of the golden ratio. */
const GOLDEN_RATIO = 0x61c88647;

/** Bucket of a 32-bit key: the top eight bits of the product, as Linux `hash_32(key, 8)`. */
function bucketOf(key: number): number {
  return Math.imul(key, GOLDEN_RATIO) >>> 24;
}

/** Deals the buckets out in list order, `turns` consecutive ones to each server, cyclically. */
function deal(
  buckets: (RealServer | null)[],
  servers: readonly RealServer[],
  turns: (server: RealServer) => number,
): void {
  let place = 0;
  let dealt = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const server = servers[place];
    buckets[bucket] = server ?? null;
    if (server === undefined) continue;
    dealt += 1;
    if (dealt >= turns(server)) {
      dealt = 0;
      place = (place + 1) % servers.length;
    }
  }
}

/** `sh`, source hashing. Source: Linux 6.1 `ip_vs_sh`, recorded. */
export class SourceHashing extends TableScheduler {
  readonly #buckets: (RealServer | null)[] = Array.from({ length: BUCKETS }, () => null);
  readonly #usesPort: boolean;
  readonly #fallsBack: boolean;

  /** @param usesPort flag `sh-port` @param fallsBack flag `sh-fallback` */
  constructor(usesPort: boolean, fallsBack: boolean) {
    super();
    this.#usesPort = usesPort;
    this.#fallsBack = fallsBack;
  }

  override rebuild(servers: readonly RealServer[]): void {
    deal(this.#buckets, servers, (server) => server.weight);
  }

  /** Bucket of a client. */
  bucket(clientIp: number, clientPort: number): number {
    return bucketOf(this.#usesPort ? clientIp + clientPort : clientIp);
  }

  override pick(
    _servers: readonly RealServer[],
    clientIp: number,
    clientPort: number,
  ): RealServer | null {
    const home = this.bucket(clientIp, clientPort);
    const server = this.#buckets[home]!;
    if (server === null || isAvailable(server)) return server;
    if (!this.#fallsBack) return null;
    for (let offset = 0; offset < BUCKETS; offset += 1) {
      // The kernel adds the home bucket twice, so the walk visits all buckets from 2 × home on.
      const other = this.#buckets[(home + ((offset + home) % BUCKETS)) % BUCKETS]!;
      if (other !== null && isAvailable(other)) return other;
    }
    return null;
  }
}

/**
 * `dh`, destination hashing: the key is the virtual address, so one service uses one server.
 * Source: Linux 6.1 `ip_vs_dh`.
 */
export class DestinationHashing extends TableScheduler {
  readonly #buckets: (RealServer | null)[] = Array.from({ length: BUCKETS }, () => null);
  readonly #home: number;

  constructor(virtualIp: number) {
    super();
    this.#home = bucketOf(virtualIp);
  }

  override rebuild(servers: readonly RealServer[]): void {
    deal(this.#buckets, servers, () => 1);
  }

  override pick(): RealServer | null {
    const server = this.#buckets[this.#home]!;
    return server !== null && isAvailable(server) ? server : null;
  }
}
