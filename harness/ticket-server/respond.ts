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

interface Due {
  readonly caller: Caller;
  readonly answer: HttpAnswer;
  readonly contentType: string;
}

let due: Due[] = [];

/**
 * The answers of one turn of the event loop leave together, at its end. Written one by one, each
 * between the work on two requests, every single one would have to wake the process that waits for
 * it, which costs more than to write it.
 */
export function respond(caller: Caller, answer: HttpAnswer, contentType = JSON_TYPE): void {
  if (due.push({ caller, answer, contentType }) === 1) setImmediate(writeAll);
}

function writeAll(): void {
  const leaving = due;
  due = [];
  for (const { caller, answer, contentType } of leaving) write(caller, answer, contentType);
}

/** A client that has hung up meanwhile gets nothing, and nothing is wrong with that. */
function write(
  { response, requestId, isLast }: Caller,
  answer: HttpAnswer,
  contentType: string,
): void {
  const headers = ["Content-Type", contentType, "Content-Length", String(answer.body.length)];
  if (requestId !== "") headers.push("X-Request-Id", requestId);
  if (isLast) headers.push("Connection", "close");
  if (answer.headers.length > 0) headers.push(...answer.headers);
  response.writeHead(answer.status, headers).end(answer.body, "latin1");
}
