/** How much is measured. */

export interface Sizes {
  /** Pending events of the hold model, and rounds of it. */
  readonly pending: readonly number[];
  readonly holdRounds: number;
  readonly buyers: number;
  readonly memoryBuyers: readonly number[];
}

export const BENCH_SIZES: Sizes = {
  pending: [1000, 100_000, 1_000_000],
  holdRounds: 5,
  buyers: 1_000_000,
  memoryBuyers: [1_000_000, 10_000_000],
};

export const QUICK_SIZES: Sizes = {
  pending: [1000, 20_000],
  holdRounds: 1,
  buyers: 20_000,
  memoryBuyers: [20_000, 200_000],
};
