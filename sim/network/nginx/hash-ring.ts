/**
 * The ring of `hash consistent`, compatible with the Perl client Cache::Memcached::Fast
 * (nginx 1.22.1, `ngx_http_upstream_hash_module.c`).
 */
import {
  CRC32_START,
  crc32Byte,
  crc32Finish,
  crc32Text,
  crc32Uint32LittleEndian,
} from "./crc32.ts";
import type { Peers } from "./peers.ts";

const POINTS_PER_WEIGHT = 160;

export class HashRing {
  /** Hash values, ascending, each once. */
  readonly points: Uint32Array;
  /** Which of `names` owns each point. */
  readonly owner: Int32Array;
  /** The servers (indexes in Peers) of each distinct address, in order of first appearance. */
  readonly names: readonly Int32Array[];

  constructor(peers: Peers) {
    const indexesOf = new Map<string, number[]>();
    peers.addresses.forEach((address, index) => {
      const indexes = indexesOf.get(address);
      if (indexes === undefined) indexesOf.set(address, [index]);
      else indexes.push(index);
    });
    const addresses = [...indexesOf.keys()];
    this.names = [...indexesOf.values()].map((indexes) => Int32Array.from(indexes));

    const all: { value: number; name: number }[] = [];
    peers.addresses.forEach((address, index) => {
      const name = addresses.indexOf(address);
      for (const value of ringValues(address, peers.weight[index])) all.push({ value, name });
    });
    // Two servers on one value: the first in the configuration keeps it. nginx leaves that to the
    // C library's qsort; glibc's (up to 2.36) is a stable merge sort, so it does the same.
    all.sort((a, b) => a.value - b.value);
    const kept = all.filter((point, i) => i === 0 || point.value !== all[i - 1].value);
    this.points = Uint32Array.from(kept, (point) => point.value);
    this.owner = Int32Array.from(kept, (point) => point.name);
  }

  /** Position of the first point at or after a hash value; `points.length` if there is none. */
  find(value: number): number {
    const points = this.points;
    let low = 0;
    let high = points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (points[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function ringValues(address: string, weight: number): number[] {
  const { host, port } = splitAddress(address);
  const base = crc32Text(crc32Byte(crc32Text(CRC32_START, host), 0), port);
  const values: number[] = [];
  let previous = 0;
  for (let i = 0; i < weight * POINTS_PER_WEIGHT; i += 1) {
    previous = crc32Finish(crc32Uint32LittleEndian(base, previous));
    values.push(previous);
  }
  return values;
}

/** The port is what follows the last colon, if it is digits only; a unix socket has none. */
function splitAddress(address: string): { host: string; port: string } {
  if (/^unix:/i.test(address)) return { host: address.slice("unix:".length), port: "" };
  const match = /^(?<host>.*):(?<port>[0-9]*)$/.exec(address);
  return { host: match?.groups?.["host"] ?? address, port: match?.groups?.["port"] ?? "" };
}
