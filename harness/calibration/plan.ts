/** How much a calibration measures. */

export interface Plan {
  readonly quick: boolean;
  /** Occupies the server's thread in each request; 0: nothing is scaled. */
  readonly spinUs: number;
  /** At most so much of the saturation while the service law is fitted. */
  readonly lowLoadPercent: number;
  /** Loads that are predicted, in per cent of the saturation. */
  readonly loadPercents: readonly number[];
  /** Offered to find the saturation. */
  readonly overloadPercent: number;
  /** Requests of one measurement. */
  readonly requests: number;
  /** Measurements at each load, all with the same arrivals. */
  readonly repeats: number;
  /** For a first estimate of the service time, before the fit. */
  readonly probeRequests: number;
  /** Idle pings before the measurements, and as many between them. */
  readonly pings: number;
}

/** Fewer repeats tell no spread. */
const REPEATS = 5;
const LOW_LOAD_PERCENT = 10;
const OVERLOAD_PERCENT = 130;
/** A thousand, so that their p99 has ten values beyond it. */
const PINGS = 1000;

export function planOf(quick: boolean, spinUs: number): Plan {
  const common = {
    quick,
    spinUs,
    lowLoadPercent: LOW_LOAD_PERCENT,
    overloadPercent: OVERLOAD_PERCENT,
    repeats: REPEATS,
    pings: PINGS,
  };
  return quick
    ? { ...common, loadPercents: [50, 80], requests: 150, probeRequests: 100 }
    : { ...common, loadPercents: [30, 50, 70, 80, 90], requests: 1000, probeRequests: 200 };
}
