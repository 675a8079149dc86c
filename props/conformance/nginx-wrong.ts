/**
 * Models of nginx that are wrong on purpose, each in one rule that a reader of the documentation,
 * or of another load balancer, might well believe. The recordings must reject every one of them.
 */
import type { WrongVariant } from "./adapter.ts";
import { wrongMethods } from "./nginx-wrong-methods.ts";
import { wrongPeers } from "./nginx-wrong-peers.ts";
import { wrongRequests } from "./nginx-wrong-requests.ts";

export const wrongVariants: readonly WrongVariant[] = [
  ...wrongPeers,
  ...wrongRequests,
  ...wrongMethods,
];
