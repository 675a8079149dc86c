/** Growing typed arrays, for pools that keep each field of their slots in an array of its own. */

export type TypedArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int16Array
  | Int32Array
  | Float64Array;

/**
 * Room at first, a power of two. Small, so that a rehearsal makes them grow: an array that was never
 * replaced the compiler takes for a constant, and throws away what it has compiled when that
 * changes.
 */
export const START = 16;

/** A copy of the array with room for twice as many. */
export function doubled<A extends TypedArray>(array: A): A {
  const wide = new (array.constructor as new (length: number) => A)(array.length * 2);
  wide.set(array);
  return wide;
}
