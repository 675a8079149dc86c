/**
 * The few headers that matter here, from the raw list: `request.headers` would build an object of
 * all of them for every request, which is a tenth of the cost of a refusal.
 */

export interface RequestHead {
  /** X-Request-Id as the client or nginx sent it; empty if it is not there. */
  readonly requestId: string;
  /** Bytes that the body will have; -1 if only its end will tell. */
  readonly bodyBytes: number;
}

/** @param rawHeaders Alternating names and values. */
export function readHead(rawHeaders: readonly string[]): RequestHead {
  let requestId = "";
  let bodyBytes = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    // Header names differ in length first: most are told apart without a look at their letters.
    switch (rawHeaders[i].length) {
      case REQUEST_ID.length:
        if (rawHeaders[i].toLowerCase() === REQUEST_ID)
          // Given twice: joined as HTTP joins fields, which makes it no id.
          requestId = requestId === "" ? rawHeaders[i + 1] : `${requestId}, ${rawHeaders[i + 1]}`;
        break;
      case CONTENT_LENGTH.length:
        if (rawHeaders[i].toLowerCase() === CONTENT_LENGTH) bodyBytes = Number(rawHeaders[i + 1]);
        break;
      case TRANSFER_ENCODING.length:
        if (rawHeaders[i].toLowerCase() === TRANSFER_ENCODING) bodyBytes = -1;
    }
  }
  return { requestId, bodyBytes };
}

const REQUEST_ID = "x-request-id";
const CONTENT_LENGTH = "content-length";
const TRANSFER_ENCODING = "transfer-encoding";
