/** IPv4 addresses and prefixes as numbers: a router compares and masks them, people read them. */

/** A prefix as one number, `network * 64 + length`: below 2^38, so exact, and usable as a key. */
export type Prefix = number;

/** "10.0.1.2" as an unsigned 32-bit number. Throws RangeError if it is not a dotted quad. */
export function parseAddress(text: string): number {
  const parts = text.split(".");
  let address = 0;
  for (const part of parts) {
    const octet = /^\d{1,3}$/.test(part) ? Number(part) : 256;
    if (octet > 255 || parts.length !== 4) throw new RangeError(`not an IPv4 address: "${text}"`);
    address = address * 256 + octet;
  }
  return address;
}

export function formatAddress(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The network mask of a prefix length, as a signed 32-bit number: `length` 0..32. */
function mask(length: number): number {
  // A shift by 32 is a shift by 0 in JavaScript, hence the special case.
  return length === 0 ? 0 : -1 << (32 - length);
}

/** The prefix of that length which contains the address. */
export function prefixOf(address: number, length: number): Prefix {
  return ((address & mask(length)) >>> 0) * 64 + length;
}

export function prefixContains(prefix: Prefix, address: number): boolean {
  return prefixOf(address, prefix % 64) === prefix;
}

/** "10.0.1.0/30" as a prefix. Throws RangeError for bad text or bits set behind the mask. */
export function parsePrefix(text: string): Prefix {
  const slash = text.indexOf("/");
  const length = /^\/\d{1,2}$/.test(text.slice(slash)) ? Number(text.slice(slash + 1)) : 33;
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (slash < 0 || length > 32 || Math.floor(prefixOf(address, length) / 64) !== address) {
    throw new RangeError(`not an IPv4 prefix: "${text}"`);
  }
  return prefixOf(address, length);
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(Math.floor(prefix / 64))}/${prefix % 64}`;
}

/** The prefix length of a mask in dotted notation. Throws RangeError if its ones are not leading. */
export function parseMaskLength(text: string): number {
  const address = parseAddress(text);
  let length = 0;
  while (length < 32 && (address << length) & 0x80000000) length += 1;
  if (mask(length) >>> 0 !== address) throw new RangeError(`not a network mask: "${text}"`);
  return length;
}
