/** All properties, in the order in which they run: the cheap ones first. */
import { buffer } from "./buffer.ts";
import { INTERLEAVINGS } from "./interleavings.ts";
import type { Property } from "./property.ts";
import { repeats } from "./repeats.ts";
import { sales } from "./sales.ts";

/** The cases of each are its own affair: whoever runs them all cannot tell them apart. */
export const PROPERTIES = [...INTERLEAVINGS, repeats, buffer, sales] as readonly Property[];

/** @returns undefined if there is none of that name. */
export function propertyNamed(name: string): Property | undefined {
  return PROPERTIES.find((property) => property.name === name);
}
