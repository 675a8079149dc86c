/**
 * A mutant: the project with one of the bugs that such systems really have, as patches on its text.
 *
 * The numbers are those of the list in the protocol, section 8. A bug of the counter is patched
 * into the Lua scripts and into their TypeScript twin alike: the one breaks the real Redis, the
 * other the simulated one.
 */
import type { InvariantName } from "../../core/invariants/findings.ts";

export interface Patch {
  /** From the root of the project. */
  readonly file: string;
  /** Must occur exactly once in the file, or the mutant does not load. */
  readonly find: string;
  /** In at least one patch of each language it calls `planted()` where the bug is. */
  readonly replace: string;
}

export interface Mutant {
  /** Two digits, and a letter where the list has variants: "07", "50b". */
  readonly id: string;
  /** As the list has it. */
  readonly title: string;
  /** A kill is one of these failing, and nothing else. */
  readonly breaks: readonly InvariantName[];
  /** Empty for a bug that only a script can have. */
  readonly typescript: readonly Patch[];
  /** Empty for a bug outside the counter. */
  readonly lua: readonly Patch[];
}

/** `mutant-07`: what its strategy is called. */
export function strategyName({ id }: Mutant): string {
  return `mutant-${id}`;
}

/** A patch on any file, from the root of the project. */
export function patch(file: string, find: string, replace: string): Patch {
  return { file, find, replace };
}

/** A patch on the twin, by file of `core/counter/twin/`. */
export function twin(file: string, find: string, replace: string): Patch {
  return patch(`core/counter/twin/${file}`, find, replace);
}

/** A patch on a script of `core/counter/lua/`. */
export function lua(file: string, find: string, replace: string): Patch {
  return patch(`core/counter/lua/${file}`, find, replace);
}

/**
 * The text with the patches of this file applied. Throws if a text to find is not there exactly
 * once: a mutant that quietly is no mutant would pass for a survivor, or worse, for a kill.
 */
export function patchText(file: string, text: string, patches: readonly Patch[]): string {
  let patched = text;
  for (const { find, replace } of patches.filter((one) => one.file === file)) {
    const occurrences = patched.split(find).length - 1;
    if (occurrences !== 1)
      throw new Error(`${file} has ${occurrences} times, instead of once:\n${find}`);
    // Not String.replace, which reads "$&" in a replacement.
    patched = patched.split(find).join(replace);
  }
  return patched;
}
