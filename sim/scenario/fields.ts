/** Building blocks of the schemas: numbers with their bounds, and values drawn from the seed. */
import * as v from "valibot";

/** A whole number from `least` to `most`. */
export const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** A number from `least` to `most`. */
export const amount = (least: number, most: number) =>
  v.pipe(v.number(), v.minValue(least), v.maxValue(most));

/** A probability or a part of a whole. */
export const share = () => amount(0, 1);

/** Milliseconds, up to ten days. */
export const milliseconds = () => amount(0, 864_000_000);

/** Either a number, or a range from which the seed draws. */
export const drawn = (least: number, most: number) =>
  v.union([
    amount(least, most),
    v.pipe(
      v.strictObject({ least: amount(least, most), most: amount(least, most) }),
      v.check((range) => range.least <= range.most, "least must not be above most"),
    ),
  ]);

export type Drawn = number | { least: number; most: number };
