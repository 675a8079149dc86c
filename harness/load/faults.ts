/** Faults between buyers, the payment provider and the service. The nemesis sets them. */
export interface LoadFaults {
  /** Probability that a buyer's request loses its answer on the way. */
  buyerRepliesLost: number;
  /** The provider delivers its message later by this. */
  paymentDelayMs: number;
  /** Probability that the provider delivers an answered message again. */
  paymentDuplicates: number;
}

export function noLoadFaults(): LoadFaults {
  return { buyerRepliesLost: 0, paymentDelayMs: 0, paymentDuplicates: 0 };
}
