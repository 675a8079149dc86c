/**
 * SipHash-2-4 of six 64-bit words, the lower half of it, as Linux keys and feeds it for a flow.
 *
 * It runs in WebAssembly, which has 64-bit integers: JavaScript needs two halves for each, and several
 * steps for what is one, and every request of a simulation is hashed. The module is assembled here,
 * instruction by instruction, from the algorithm as it was published; no compiler is needed.
 *
 * Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.
 */

/** What of WebAssembly's interface is needed; TypeScript knows it in browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: { readonly hash: FlowSipHash } };
};

// Codes of WebAssembly's binary format, version 1, as far as they are needed.
const END = 0x0b;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const I64_CONST = 0x42;
const I64_ADD = 0x7c;
const I64_OR = 0x84;
const I64_XOR = 0x85;
const I64_SHL = 0x86;
const I64_ROTL = 0x89;
const I32_WRAP_I64 = 0xa7;
const I64_EXTEND_I32_U = 0xad;
const I32 = 0x7f;
const I64 = 0x7e;
const FUNCTION_TYPE = 0x60;
const FUNCTION_EXPORT = 0;
const VERSION = [1, 0, 0, 0];
const TYPES_SECTION = 1;
const FUNCTIONS_SECTION = 3;
const EXPORTS_SECTION = 7;
const CODE_SECTION = 10;

type Bytes = readonly number[];

// The function's parameters, and behind them its local variables.
const SEED = 0;
const PROTOCOL = 1;
const PORTS = 2;
const FIRST = 3;
const SECOND = 4;
const PARAMETERS = 5;
/** v0..v3 of the algorithm. */
const V = [5, 6, 7, 8] as const;
const WORD = 9;
const LOCALS = 5;

/** "somepseudorandomlygeneratedbytes" */
const MAGIC = [
  0x736f6d6570736575n,
  0x646f72616e646f6dn,
  0x6c7967656e657261n,
  0x7465646279746573n,
] as const;
const FINAL = 0xffn;
const WORDS = 6n;
const BYTES_PER_WORD = 8n;

/** A signed number of up to 64 bits in LEB128. */
function signed(value: bigint): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asIntN(64, value);
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = rest === ((low & 0x40) === 0 ? 0n : -1n);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** A number from 0 in LEB128. */
function unsigned(value: number): Bytes {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

const get = (local: number): Bytes => [LOCAL_GET, local];
const constant = (value: bigint): Bytes => [I64_CONST, ...signed(value)];
/** local = value */
const set = (local: number, value: Bytes): Bytes => [...value, LOCAL_SET, local];
const xor = (a: Bytes, b: Bytes): Bytes => [...a, ...b, I64_XOR];
const rotated = (a: Bytes, bits: bigint): Bytes => [...a, ...constant(bits), I64_ROTL];
const widened = (parameter: number): Bytes => [...get(parameter), I64_EXTEND_I32_U];
/** A parameter as the upper half of a word. */
const upper = (parameter: number): Bytes => [...widened(parameter), ...constant(32n), I64_SHL];

/** Half of a SipRound: a += b; b = rotl(b, bits) ^ a; a = rotl(a, 32) if `turns`. */
function mixed(a: number, b: number, bits: bigint, turns: boolean): Bytes {
  return [
    ...set(a, [...get(a), ...get(b), I64_ADD]),
    ...set(b, xor(rotated(get(b), bits), get(a))),
    ...(turns ? set(a, rotated(get(a), 32n)) : []),
  ];
}

function rounds(count: number): Bytes {
  const [v0, v1, v2, v3] = V;
  const round = [
    ...mixed(v0, v1, 13n, true),
    ...mixed(v2, v3, 16n, false),
    ...mixed(v0, v3, 21n, false),
    ...mixed(v2, v1, 17n, true),
  ];
  return Array.from({ length: count }, () => round).flat();
}

function absorbed(word: Bytes): Bytes {
  const [v0, , , v3] = V;
  return [
    ...set(WORD, word),
    ...set(v3, xor(get(v3), get(WORD))),
    ...rounds(2),
    ...set(v0, xor(get(v0), get(WORD))),
  ];
}

/** The whole function: the key, the words of the message, and what is made of them. */
function body(): Bytes {
  const [v0, v1, v2, v3] = V;
  const key = [...widened(SEED), ...upper(SEED), I64_OR];
  return [
    ...V.flatMap((v, i) => set(v, xor(key, constant(MAGIC[i])))),
    ...absorbed(widened(PROTOCOL)),
    ...absorbed(constant(0n)),
    ...absorbed(constant(0n)),
    ...absorbed(upper(PORTS)),
    ...absorbed(upper(FIRST)),
    ...absorbed(widened(SECOND)),
    // The last word's upper byte is the length.
    ...absorbed(constant((WORDS * BYTES_PER_WORD) << 56n)),
    ...set(v2, xor(get(v2), constant(FINAL))),
    ...rounds(4),
    ...xor(xor(get(v0), get(v1)), xor(get(v2), get(v3))),
    I32_WRAP_I64,
    END,
  ];
}

const vector = (items: readonly Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()];
const text = (letters: string): Bytes => Array.from(letters, (letter) => letter.charCodeAt(0));
const sized = (bytes: Bytes): Bytes => [...unsigned(bytes.length), ...bytes];
const section = (id: number, items: readonly Bytes[]): Bytes => [id, ...sized(vector(items))];

/** The whole module: one function of that type, exported as "hash". */
function assembled(): Uint8Array {
  const parameters = Array.from({ length: PARAMETERS }, () => [I32]);
  const type = [FUNCTION_TYPE, ...vector(parameters), ...vector([[I32]])];
  const locals = vector([[LOCALS, I64]]);
  return Uint8Array.from([
    ...text("\0asm"),
    ...VERSION,
    ...section(TYPES_SECTION, [type]),
    ...section(FUNCTIONS_SECTION, [[0]]),
    ...section(EXPORTS_SECTION, [[...sized(text("hash")), FUNCTION_EXPORT, 0]]),
    ...section(CODE_SECTION, [sized([...locals, ...body()])]),
  ]);
}

/**
 * The lower 32 bits, signed, of the hash of a flow's key: (protocol, 0, 0, 0, 0, 0, 0, ports, 0,
 * first, second, 0) as little-endian 32-bit words, under a key whose four words are all `seed`.
 */
export type FlowSipHash = (
  seed: number,
  protocol: number,
  ports: number,
  first: number,
  second: number,
) => number;

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembled()));

export const flowSipHash = exports.hash;
