/** `mh`: Maglev hashing. Few clients move to another server when the pool changes. */
import type { RealServer } from "../real-server.ts";
import { TableScheduler, greatestCommonDivisor, isAvailable } from "./scheduler.ts";
import { siphash13 } from "./siphash13.ts";

const SLOTS = 4093;
/** log2 of the next power of two above SLOTS; half of it bounds the bits of a weight. */
const SLOT_BITS = 12;
const OFFSET_KEY = 2654435761;
const SKIP_KEY = 2654446892;

/** Where a server stands in its own permutation of the slots. */
interface Permutation {
  readonly server: RealServer;
  readonly skip: number;
  /** Consecutive slots per round. */
  readonly turns: number;
  slot: number;
}

function hash(word: number): number {
  return siphash13(word, OFFSET_KEY, OFFSET_KEY);
}

/** Source: Linux 6.1 `ip_vs_mh`, recorded. */
export class Maglev extends TableScheduler {
  readonly #slots: (RealServer | null)[] = Array.from({ length: SLOTS }, () => null);
  readonly #usesPort: boolean;
  readonly #fallsBack: boolean;

  /** @param usesPort flag `mh-port` @param fallsBack flag `mh-fallback` */
  constructor(usesPort: boolean, fallsBack: boolean) {
    super();
    this.#usesPort = usesPort;
    this.#fallsBack = fallsBack;
  }

  /** The weight that the table is built from: weight 0 must not move other clients. */
  tableWeight(server: RealServer): number {
    return server.lastWeight;
  }

  override rebuild(servers: readonly RealServer[]): void {
    const permutations = this.#permutations(servers);
    this.#slots.fill(null);
    if (permutations.length === 0) return;
    let filled = 0;
    for (;;) {
      for (const permutation of permutations) {
        for (let turn = 0; turn < permutation.turns; turn += 1) {
          while (this.#slots[permutation.slot] !== null) {
            permutation.slot = (permutation.slot + permutation.skip) % SLOTS;
          }
          this.#slots[permutation.slot] = permutation.server;
          filled += 1;
          if (filled === SLOTS) return;
        }
      }
    }
  }

  #permutations(servers: readonly RealServer[]): Permutation[] {
    const weighted = servers.filter((server) => this.tableWeight(server) > 0);
    let divisor = 0;
    let heaviest = 0;
    for (const server of weighted) {
      divisor = greatestCommonDivisor(this.tableWeight(server), divisor);
      heaviest = Math.max(heaviest, this.tableWeight(server));
    }
    // Large weights lose their low bits, so that one round of turns stays well below the table.
    const bits = 32 - Math.clz32(heaviest / divisor);
    const shift = Math.max(0, bits - SLOT_BITS / 2);
    return weighted.map((server) => {
      const word = server.ip + server.port;
      return {
        server,
        skip: (siphash13(word, SKIP_KEY, SKIP_KEY) % (SLOTS - 1)) + 1,
        turns: Math.max(1, (this.tableWeight(server) / divisor) >> shift),
        slot: hash(word) % SLOTS,
      };
    });
  }

  override pick(
    _servers: readonly RealServer[],
    clientIp: number,
    clientPort: number,
  ): RealServer | null {
    const word = this.#usesPort ? clientIp + clientPort : clientIp;
    const home = hash(word) % SLOTS;
    const server = this.#slots[home]!;
    if (server === null || isAvailable(server)) return server;
    if (!this.#fallsBack) return null;
    for (let offset = 0; offset < SLOTS; offset += 1) {
      const other = this.#slots[hash(((offset + home) % SLOTS) + word) % SLOTS]!;
      if (other !== null && isAvailable(other)) return other;
    }
    return null;
  }
}
