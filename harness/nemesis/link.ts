/** What the two kinds of link proxies have in common: a port on loopback with a way behind it. */
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Listens on a port of loopback; the same one again after `close`. */
export class Listener {
  readonly #accept: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port: number;

  /** @param port 0 for any free one. */
  constructor(accept: (socket: Socket) => void, port = 0) {
    this.#accept = accept;
    this.#port = port;
  }

  /** Known after the first `open`. */
  get address(): Endpoint {
    return { host: "127.0.0.1", port: this.#port };
  }

  async open(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      this.#accept(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: "127.0.0.1", port: this.#port }, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** New connections are refused from now on; those that are open stay. */
  refuse(): void {
    this.#server?.close();
    this.#server = null;
  }

  /** For good. */
  close(): void {
    this.refuse();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Ends both ends of a connection as soon as one of them is gone. */
export function tie(one: Socket, other: Socket): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    // What broke a connection is its users' affair.
    socket.on("error", () => {});
    socket.once("close", () => void peer.destroy());
  }
}

/**
 * Breaks connections at once, without the rest of what was sent. (Not by `resetAndDestroy`: with
 * data still to be written Node 20 may leave such a socket half closed, and spins when it exits.)
 */
export function breakAll(...sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.destroy();
}
