/**
 * Ids ordered by (time, id), as a Redis sorted set whose scores are times orders them.
 *
 * A binary heap with lazy deletion: `remove` only forgets the id, and the heap's entry is dropped
 * when it comes to the top or when such entries make up half of the heap. Plain data, so that a
 * simulator can snapshot it.
 */
export interface SortedSet {
  /** The truth: an entry of the heap that says otherwise is stale. */
  readonly timeMsOf: Map<string, number>;
  readonly heapTimesMs: number[];
  readonly heapIds: string[];
}

const COMPACT_FROM_LENGTH = 64;

export function createSortedSet(): SortedSet {
  return { timeMsOf: new Map(), heapTimesMs: [], heapIds: [] };
}

/** ZADD: adds the id, or moves it to another time. */
export function add(set: SortedSet, timeMs: number, id: string): void {
  if (set.timeMsOf.get(id) === timeMs) return;
  set.timeMsOf.set(id, timeMs);
  if (set.heapIds.length >= COMPACT_FROM_LENGTH && set.heapIds.length >= 2 * set.timeMsOf.size) {
    rebuild(set);
  } else {
    push(set, timeMs, id);
  }
}

/** ZREM. */
export function remove(set: SortedSet, id: string): void {
  set.timeMsOf.delete(id);
}

/**
 * ZRANGEBYSCORE -inf latestMs LIMIT 0 limit, and ZREM of what it returns: in order of time, ids
 * of the same time in order of their text.
 */
export function popUntil(set: SortedSet, latestMs: number, limit: number): string[] {
  const ids: string[] = [];
  while (ids.length < limit && set.heapIds.length > 0) {
    const id = set.heapIds[0];
    const timeMs = set.heapTimesMs[0];
    const isStale = set.timeMsOf.get(id) !== timeMs;
    if (!isStale && timeMs > latestMs) break;
    dropTop(set);
    if (isStale) continue;
    set.timeMsOf.delete(id);
    ids.push(id);
  }
  return ids;
}

function isBefore(timeMs: number, id: string, otherTimeMs: number, otherId: string): boolean {
  return timeMs < otherTimeMs || (timeMs === otherTimeMs && id < otherId);
}

function rebuild(set: SortedSet): void {
  set.heapTimesMs.length = 0;
  set.heapIds.length = 0;
  for (const [id, timeMs] of set.timeMsOf) push(set, timeMs, id);
}

function push(set: SortedSet, timeMs: number, id: string): void {
  let at = set.heapIds.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(timeMs, id, set.heapTimesMs[parent], set.heapIds[parent])) break;
    set.heapTimesMs[at] = set.heapTimesMs[parent];
    set.heapIds[at] = set.heapIds[parent];
    at = parent;
  }
  set.heapTimesMs[at] = timeMs;
  set.heapIds[at] = id;
}

function dropTop(set: SortedSet): void {
  const timeMs = set.heapTimesMs.pop()!;
  const id = set.heapIds.pop()!;
  const length = set.heapIds.length;
  if (length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= length) break;
    const right = child + 1;
    if (right < length && isChildBefore(set, right, child)) child = right;
    if (!isBefore(set.heapTimesMs[child], set.heapIds[child], timeMs, id)) break;
    set.heapTimesMs[at] = set.heapTimesMs[child];
    set.heapIds[at] = set.heapIds[child];
    at = child;
  }
  set.heapTimesMs[at] = timeMs;
  set.heapIds[at] = id;
}

function isChildBefore(set: SortedSet, one: number, other: number): boolean {
  return isBefore(
    set.heapTimesMs[one],
    set.heapIds[one],
    set.heapTimesMs[other],
    set.heapIds[other],
  );
}
