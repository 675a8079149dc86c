/** What a step changed: the whole difference, so that a test also sees what it did not expect. */

/**
 * Runs `act` and returns, of the fields of `state` whose content it changed, the new values. Values
 * are compared in depth, Maps and Sets with the order of their entries.
 */
export function changeOf<S extends object>(state: S, act: () => void): Partial<S> {
  const before = structuredClone(state);
  act();
  const after = structuredClone(state);
  const changed: Partial<S> = {};
  for (const field of Object.keys(after) as (keyof S)[])
    if (asText(before[field]) !== asText(after[field])) changed[field] = after[field];
  return changed;
}

function asText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Map || part instanceof Set) return [...(part as Iterable<unknown>)];
    // JSON has no infinities.
    return typeof part === "number" ? String(part) : part;
  });
}
