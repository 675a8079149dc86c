/** Numbers and times as people read them. */

/** 1000000 → "1,000,000". Not `toLocaleString`, whose output depends on the machine. */
export function grouped(count: number): string {
  const [whole, fraction] = String(count).split(".");
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/gu, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** 0.125 → "12.5 %". */
export function percent(share: number): string {
  return `${trimmed(share * 100, 2)} %`;
}

/** "0.25 ms", "250 ms", "3.214 s", "10 min", "1 h 5 min". */
export function duration(ms: number): string {
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 1000) return `${trimmed(ms, ms < 10 ? 2 : 0)} ms`;
  if (ms < 60_000) return `${trimmed(ms / 1000, 3)} s`;
  if (ms < 3_600_000) return units(ms, 60_000, "min", 1000, "s");
  return units(ms, 3_600_000, "h", 60_000, "min");
}

/** "1 server", "2 servers"; `many` where an s is not enough. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** At most that many digits after the point, and no zeros at the end. */
export function trimmed(value: number, digitsMax: number): string {
  return String(Number(value.toFixed(digitsMax)));
}

function units(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const smalls = Math.round(ms / small);
  const perBig = big / small;
  const rest = smalls % perBig;
  const bigs = `${Math.floor(smalls / perBig)} ${bigName}`;
  return rest === 0 ? bigs : `${bigs} ${rest} ${smallName}`;
}
