/** The servers behind a live nginx: TCP listeners in this process whose behaviour can be switched. */
import { createServer, type Server, type Socket } from "node:net";

/** As in the recordings: up, refuse, reset, hang, invalid_header, or s and a status code. */
export type LiveMode = string;

/** Requests for this path and a number are not answered until they are released. */
export const HOLD_PATH = "/hold/";

export class LiveServer {
  readonly host: string;
  readonly port: number;
  readonly #onHold: (id: number, release: () => void) => void;
  readonly #sockets = new Set<Socket>();
  #listener: Server | undefined;
  #mode: LiveMode = "refuse";

  /** @param onHold told of each held request, with the function that answers it */
  constructor(host: string, port: number, onHold: (id: number, release: () => void) => void) {
    this.host = host;
    this.port = port;
    this.#onHold = onHold;
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  get mode(): LiveMode {
    return this.#mode;
  }

  /** Connections that are open stay open, whatever the mode. */
  async setMode(mode: LiveMode): Promise<void> {
    this.#mode = mode;
    if (mode === "refuse") {
      this.#listener?.close();
      this.#listener = undefined;
    } else {
      this.#listener ??= await this.#listen();
    }
  }

  async close(): Promise<void> {
    await this.setMode("refuse");
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen(): Promise<Server> {
    const listener = createServer((socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      listener.once("error", reject);
      listener.listen({ host: this.host, port: this.port }, () => resolve(listener));
    });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // nginx drops a connection when it gives up on a try; that is its affair.
    socket.on("error", () => socket.destroy());
    let head = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      head += text;
      if (head.includes("\r\n\r\n")) this.#answer(socket, head.split(" ", 2)[1] ?? "/");
    });
  }

  #answer(socket: Socket, path: string): void {
    const mode = this.#mode;
    if (mode === "hang") return;
    if (mode === "reset") {
      socket.destroy();
    } else if (mode === "invalid_header") {
      socket.end("HTTP/1.0 200 OK\r\nbad\0header: 1\r\n\r\n");
    } else if (mode.startsWith("s")) {
      respond(socket, Number(mode.slice(1)));
    } else if (path.startsWith(HOLD_PATH)) {
      this.#onHold(Number.parseInt(path.slice(HOLD_PATH.length), 10), () => respond(socket, 200));
    } else {
      respond(socket, 200);
    }
  }
}

function respond(socket: Socket, status: number): void {
  socket.end(`HTTP/1.0 ${status} Status\r\nContent-Length: 0\r\n\r\n`);
}
