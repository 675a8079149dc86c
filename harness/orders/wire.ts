/**
 * What the order-store process and its clients say to each other on a Unix socket: one JSON object
 * a line. A client may send many requests at once; each answer names the request it is for.
 */
import type { Socket } from "node:net";
import type { DatabaseCall, DatabaseReply } from "../../core/orders/calls.ts";
import type { StockEntry } from "./stock-log.ts";
import type { WrittenBook } from "./written-book.ts";

export type Request = { readonly op: number } & (
  | { readonly ask: "call"; readonly call: DatabaseCall }
  | { readonly ask: "dump" }
  | { readonly ask: "stock-log" }
);

export type Answer = { readonly op: number } & (
  | { readonly value: DatabaseReply | WrittenBook | readonly StockEntry[] }
  /** An SQLSTATE, and what went wrong for people. */
  | { readonly error: string; readonly message: string }
);

export function send(socket: Socket, message: Request | Answer): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

/**
 * Calls back with every message that the other end sends. (node:readline would also end a line at
 * characters that JSON has inside its texts.)
 */
export function receive(socket: Socket, received: (message: unknown) => void): void {
  let rest = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) received(JSON.parse(line));
  });
}
