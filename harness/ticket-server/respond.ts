/** Writes one answer to its connection. */
import type { ServerResponse } from "node:http";
import type { HttpAnswer } from "./answers.ts";

/** Whom to answer, and how. */
export interface Caller {
  readonly response: ServerResponse;
  /** X-Request-Id, to be repeated in the answer; empty if there was none. */
  readonly requestId: string;
  /** The connection ends with this answer. */
  readonly isLast: boolean;
}

const JSON_TYPE = "application/json; charset=utf-8";

/** A client that has hung up meanwhile gets nothing, and nothing is wrong with that. */
export function respond(caller: Caller, answer: HttpAnswer, contentType = JSON_TYPE): void {
  const { response, requestId, isLast } = caller;
  const headers = ["Content-Type", contentType, "Content-Length", String(answer.bodyBytes)];
  if (requestId !== "") headers.push("X-Request-Id", requestId);
  if (isLast) headers.push("Connection", "close");
  if (answer.headers.length > 0) headers.push(...answer.headers);
  response.writeHead(answer.status, headers).end(answer.body);
}
