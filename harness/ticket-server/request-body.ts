/** Reads a request's body, up to a limit. */
import type { IncomingMessage } from "node:http";
import { BadRequest } from "./bad-request.ts";

export const BODY_BYTES_MAX = 16 * 1024;

/**
 * What comes after the limit is read and dropped, so that the client hears its answer instead of a
 * broken connection; but not without end.
 */
const DROPPED_BYTES_MAX = 1024 * 1024;

/**
 * Calls back once, with the text of the body or with what is wrong with it. It is never called for
 * a client that hangs up before its body is complete: nobody waits for an answer.
 * @param bodyBytes As the client announces them; -1 if only the end will tell.
 */
export function readBody(
  request: IncomingMessage,
  bodyBytes: number,
  done: (text: string | BadRequest) => void,
): void {
  let bytes = 0;
  /** null: the body was refused. */
  let chunks: Buffer[] | null = [];
  if (bodyBytes > BODY_BYTES_MAX) {
    chunks = null;
    done(tooLarge());
  }
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DROPPED_BYTES_MAX) request.destroy();
    if (chunks === null) return;
    chunks.push(chunk);
    if (bytes <= BODY_BYTES_MAX) return;
    chunks = null;
    done(tooLarge());
  });
  request.on("end", () => {
    if (chunks !== null) done(textOf(chunks));
  });
  // A connection that breaks in the middle of a body.
  request.on("error", () => {});
}

function tooLarge(): BadRequest {
  return new BadRequest(`body: more than ${BODY_BYTES_MAX} bytes`, 413);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function textOf(chunks: readonly Buffer[]): string | BadRequest {
  try {
    return UTF8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  } catch {
    return new BadRequest("body: not UTF-8");
  }
}
