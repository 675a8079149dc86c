/** What a running strategy shows of itself, as far as its state is of a known shape. */
import { isClosedFor } from "../../core/latch.ts";
import type { EngineState } from "../../core/engine/state.ts";

export interface EngineView {
  /** Tickets that this server may reserve in all. */
  readonly quota: number;
  /** Tickets that it has reserved, or may have. */
  readonly taken: number;
  /** null for a strategy without a latch. */
  readonly latch: { readonly left: number; readonly isClosed: boolean } | null;
  /** Reservations of unknown outcome. */
  readonly unresolved: number;
}

/** null for a state of another shape. */
export function viewOf(state: unknown): EngineView | null {
  if (isEngine(state)) {
    const { quota, taken, latch, unresolved } = state;
    return {
      quota,
      taken,
      latch: { left: latch.left, isClosed: isClosedFor(latch, 1) },
      unresolved: unresolved.size,
    };
  }
  if (isArticle(state))
    return { quota: state.localInStock, taken: state.localSales, latch: null, unresolved: 0 };
  return null;
}

function isEngine(state: unknown): state is EngineState {
  return (
    has(state, "quota") && has(state, "taken") && has(state, "latch") && has(state, "unresolved")
  );
}

function isArticle(state: unknown): state is { localInStock: number; localSales: number } {
  return has(state, "localInStock") && has(state, "localSales");
}

function has(state: unknown, key: string): boolean {
  return typeof state === "object" && state !== null && key in state;
}
