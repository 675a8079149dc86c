/** The way from nginx to one ticket server, which can be cut. */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { breakAll, Listener, tie } from "./link.ts";
import type { Endpoint } from "./link.ts";

export class FrontLink {
  readonly #server: Endpoint;
  readonly #listener: Listener;
  /** Both ends of each connection. */
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #isCut = false;

  /**
   * @param port Where nginx finds it. While the way is cut nobody listens there: a port that the
   * system gives to outgoing connections could be lost meanwhile.
   */
  constructor(server: Endpoint, port: number) {
    this.#server = server;
    this.#listener = new Listener((fromNginx) => this.#join(fromNginx), port);
  }

  /** Where nginx finds the server. */
  get address(): Endpoint {
    return this.#listener.address;
  }

  open(): Promise<void> {
    return this.#listener.open();
  }

  /** New connections are refused, and what is sent on old ones is lost without a word. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#listener.refuse();
    for (const [nginx, server] of this.#pairs) {
      nginx.unpipe(server).resume();
      server.unpipe(nginx).resume();
    }
  }

  /** The way is open again. Connections that may have lost something are of no use any more. */
  async heal(): Promise<void> {
    if (!this.#isCut) return;
    this.#isCut = false;
    for (const pair of this.#pairs) breakAll(...pair);
    await this.#listener.open();
  }

  close(): void {
    this.#listener.close();
  }

  #join(nginx: Socket): void {
    const server = connect({ ...this.#server, noDelay: true });
    const pair = [nginx, server] as const;
    this.#pairs.add(pair);
    nginx.once("close", () => this.#pairs.delete(pair));
    tie(nginx, server);
    nginx.pipe(server);
    server.pipe(nginx);
  }
}
