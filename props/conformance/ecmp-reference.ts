/**
 * The flow hash again, slowly and plainly: SipHash over 48 bytes with 64-bit integers, every
 * questionable step a parameter. The fast one must agree with it, and wrong ones are made of it.
 */
export interface FlowHashRules {
  readonly compressionRounds: number;
  readonly finalisationRounds: number;
  /** Order of the two addresses, and of the two ports: which one is hashed first. */
  readonly swap: "little-endian" | "big-endian" | "never";
  /** Bytes of the key in memory order. */
  readonly portOrder: "network" | "host";
  readonly policy: "as set" | 0 | 1;
  /** Upper half of both key words. */
  readonly seedTwice: boolean;
  /** The hash is shifted right by one for comparison with bounds below 2^31. */
  readonly shift: boolean;
}

/** Linux 6.18.44. */
export const linuxRules: FlowHashRules = {
  compressionRounds: 2,
  finalisationRounds: 4,
  swap: "little-endian",
  portOrder: "network",
  policy: "as set",
  seedTwice: true,
  shift: true,
};

/** Source, destination (unsigned 32-bit), protocol, source port, destination port. */
export type Flow = readonly [number, number, number, number, number];

export function referenceHash31(
  rules: FlowHashRules,
  seed: number,
  policySet: number,
  [source, destination, protocol, sourcePort, destinationPort]: Flow,
): number {
  const policy = rules.policy === "as set" ? policySet : rules.policy;
  const key = Buffer.alloc(48);
  const [first, second] = ordered(rules, addressBytes(source), addressBytes(destination));
  if (policy === 1) {
    key[2] = protocol;
    const ports = ordered(rules, portBytes(rules, sourcePort), portBytes(rules, destinationPort));
    ports[0].copy(key, 28);
    ports[1].copy(key, 30);
  }
  first.copy(key, 36);
  second.copy(key, 40);
  const low = BigInt(seed);
  const word = rules.seedTwice ? (low << 32n) | low : low;
  const hash = Number(sipHash(rules, word, word, key) & 0xffffffffn);
  const nonZero = hash === 0 ? 1 : hash;
  return rules.shift ? nonZero >>> 1 : nonZero & 0x7fffffff;
}

function addressBytes(address: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(address);
  return bytes;
}

function portBytes(rules: FlowHashRules, port: number): Buffer {
  const bytes = Buffer.alloc(2);
  if (rules.portOrder === "network") bytes.writeUInt16BE(port);
  else bytes.writeUInt16LE(port);
  return bytes;
}

function ordered(rules: FlowHashRules, source: Buffer, destination: Buffer): [Buffer, Buffer] {
  if (rules.swap === "never") return [source, destination];
  const length = source.length;
  const swapped =
    rules.swap === "little-endian"
      ? destination.readUIntLE(0, length) < source.readUIntLE(0, length)
      : destination.readUIntBE(0, length) < source.readUIntBE(0, length);
  return swapped ? [destination, source] : [source, destination];
}

const MASK = 0xffffffffffffffffn;

/** SipHash (Aumasson and Bernstein, 2012) of a message whose length is a multiple of eight. */
function sipHash(rules: FlowHashRules, key0: bigint, key1: bigint, message: Buffer): bigint {
  const v: [bigint, bigint, bigint, bigint] = [
    key0 ^ 0x736f6d6570736575n,
    key1 ^ 0x646f72616e646f6dn,
    key0 ^ 0x6c7967656e657261n,
    key1 ^ 0x7465646279746573n,
  ];
  const words: bigint[] = [];
  for (let at = 0; at < message.length; at += 8) words.push(message.readBigUInt64LE(at));
  words.push(BigInt(message.length & 255) << 56n);
  for (const word of words) {
    v[3] ^= word;
    for (let round = 0; round < rules.compressionRounds; round++) sipRound(v);
    v[0] ^= word;
  }
  v[2] ^= 0xffn;
  for (let round = 0; round < rules.finalisationRounds; round++) sipRound(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

function sipRound(v: [bigint, bigint, bigint, bigint]): void {
  v[0] = (v[0] + v[1]) & MASK;
  v[1] = rotate(v[1], 13n) ^ v[0];
  v[0] = rotate(v[0], 32n);
  v[2] = (v[2] + v[3]) & MASK;
  v[3] = rotate(v[3], 16n) ^ v[2];
  v[0] = (v[0] + v[3]) & MASK;
  v[3] = rotate(v[3], 21n) ^ v[0];
  v[2] = (v[2] + v[1]) & MASK;
  v[1] = rotate(v[1], 17n) ^ v[2];
  v[2] = rotate(v[2], 32n);
}

function rotate(word: bigint, by: bigint): bigint {
  return ((word << by) | (word >> (64n - by))) & MASK;
}
