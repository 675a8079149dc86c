/**
 * How a try can end, and what follows. As in nginx (1.22.1, `NGX_HTTP_UPSTREAM_FT_*`) an outcome is
 * the bit of the `proxy_next_upstream` condition it meets, so "is it listed" is one `&`.
 */
import { ConfigError, type NextUpstreamCondition } from "./config.ts";

const CONDITION_BIT: Readonly<Record<NextUpstreamCondition, number>> = {
  error: 1 << 0,
  timeout: 1 << 1,
  invalid_header: 1 << 2,
  http_500: 1 << 3,
  http_502: 1 << 4,
  http_503: 1 << 5,
  http_504: 1 << 6,
  http_403: 1 << 7,
  http_404: 1 << 8,
  http_429: 1 << 9,
  non_idempotent: 1 << 10,
  off: 0,
};

/** Set in an outcome whose request had reached the server, so that the server may have acted. */
const SENT = 1 << 16;

const NON_IDEMPOTENT = CONDITION_BIT.non_idempotent;
const TIMEOUT = CONDITION_BIT.timeout;
const CONDITIONS = (1 << 11) - 1;
const STATUSES =
  CONDITION_BIT.http_500 |
  CONDITION_BIT.http_502 |
  CONDITION_BIT.http_503 |
  CONDITION_BIT.http_504 |
  CONDITION_BIT.http_403 |
  CONDITION_BIT.http_404 |
  CONDITION_BIT.http_429;
const BLAMELESS = CONDITION_BIT.http_403 | CONDITION_BIT.http_404;

/** How a try ended. A status that nginx has no condition for is OK, whatever its number. */
export const TryOutcome = {
  OK: 0,
  /** Refused, or reset while connecting: nothing was sent. */
  REFUSED: CONDITION_BIT.error,
  /** Closed or reset after sending, before a response header. */
  RESET: CONDITION_BIT.error | SENT,
  CONNECT_TIMEOUT: CONDITION_BIT.timeout,
  READ_TIMEOUT: CONDITION_BIT.timeout | SENT,
  INVALID_HEADER: CONDITION_BIT.invalid_header | SENT,
  HTTP_500: CONDITION_BIT.http_500 | SENT,
  HTTP_502: CONDITION_BIT.http_502 | SENT,
  HTTP_503: CONDITION_BIT.http_503 | SENT,
  HTTP_504: CONDITION_BIT.http_504 | SENT,
  HTTP_403: CONDITION_BIT.http_403 | SENT,
  HTTP_404: CONDITION_BIT.http_404 | SENT,
  HTTP_429: CONDITION_BIT.http_429 | SENT,
} as const;
export type TryOutcome = number;

/** What nginx does after a try. */
export const ReleaseVerdict = {
  /** The response goes to the client, whatever its status. */
  DONE: 0,
  /** Pick again. */
  RETRY: 1,
  /** nginx answers 502 Bad Gateway. */
  ANSWER_502: 2,
  /** nginx answers 504 Gateway Time-out. */
  ANSWER_504: 3,
} as const;
export type ReleaseVerdict = (typeof ReleaseVerdict)[keyof typeof ReleaseVerdict];

/** The outcome of a response with that status code. */
export function outcomeOfStatus(status: number): TryOutcome {
  switch (status) {
    case 500:
      return TryOutcome.HTTP_500;
    case 502:
      return TryOutcome.HTTP_502;
    case 503:
      return TryOutcome.HTTP_503;
    case 504:
      return TryOutcome.HTTP_504;
    case 403:
      return TryOutcome.HTTP_403;
    case 404:
      return TryOutcome.HTTP_404;
    case 429:
      return TryOutcome.HTTP_429;
    default:
      return TryOutcome.OK;
  }
}

/** The server sent a response header: the client may be given this response. */
export function isResponse(outcome: TryOutcome): boolean {
  return outcome === TryOutcome.OK || (outcome & STATUSES) !== 0;
}

/** 403 and 404 move on to the next server without blaming this one. */
export function isBlameless(outcome: TryOutcome): boolean {
  return (outcome & BLAMELESS) !== 0;
}

/** What the client is told when a try that brought no response is the last one. */
export function answerFor(outcome: TryOutcome): ReleaseVerdict {
  return (outcome & TIMEOUT) === 0 ? ReleaseVerdict.ANSWER_502 : ReleaseVerdict.ANSWER_504;
}

/** The conditions of a `proxy_next_upstream` directive. */
export class NextUpstream {
  readonly #listed: number;

  /** @throws ConfigError on an empty list or an unknown condition. */
  constructor(conditions: readonly NextUpstreamCondition[]) {
    if (conditions.length === 0) {
      throw new ConfigError("upstream.proxy_next_upstream: must list a condition; off for none");
    }
    let listed = 0;
    for (const condition of conditions) {
      const bit = CONDITION_BIT[condition];
      if (bit === undefined) {
        throw new ConfigError(`upstream.proxy_next_upstream: unknown condition "${condition}"`);
      }
      listed |= bit;
    }
    this.#listed = conditions.includes("off") ? 0 : listed;
  }

  /**
   * Whether a try that ended so may be followed by another. A request that must not run twice
   * (POST, LOCK, PATCH) and may have run needs `non_idempotent` listed as well.
   */
  allows(outcome: TryOutcome, nonIdempotent: boolean): boolean {
    let needed = outcome & CONDITIONS;
    if (nonIdempotent && (outcome & SENT) !== 0) needed |= NON_IDEMPOTENT;
    return needed !== 0 && (this.#listed & needed) === needed;
  }
}
