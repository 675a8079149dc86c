/** Serves an order store on a Unix socket, to any number of clients. */
import { createServer } from "node:net";
import type { Socket } from "node:net";
import type { OrderStore } from "./order-store.ts";
import { OrderStoreError } from "./order-store-error.ts";
import { receive, send } from "./wire.ts";
import type { Answer, Request } from "./wire.ts";
import { writeBook } from "./written-book.ts";

/** SQLSTATE internal_error. */
const INTERNAL_ERROR = "XX000";

export interface StoreServer {
  /** Takes no more requests; resolves when those under way have been answered. */
  close(): Promise<void>;
}

/** Listens on a path of at most 107 bytes that is not taken. */
export async function serveOrderStore(store: OrderStore, socketPath: string): Promise<StoreServer> {
  const clients = new Set<Socket>();
  const underWay = new Set<Promise<void>>();
  let isClosing = false;

  const server = createServer((socket) => {
    clients.add(socket);
    socket.on("close", () => clients.delete(socket));
    // A client that dies is none of our business: what it asked for runs all the same.
    socket.on("error", () => {});
    receive(socket, (request) => {
      if (isClosing) return;
      const work = respond(store, request as Request).then((answer) => {
        if (socket.writable) send(socket, answer);
        underWay.delete(work);
      });
      underWay.add(work);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });

  return {
    async close() {
      isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all(underWay);
      for (const socket of clients) socket.destroySoon();
      await closed;
    },
  };
}

async function respond(store: OrderStore, request: Request): Promise<Answer> {
  const { op } = request;
  try {
    switch (request.ask) {
      case "call":
        return { op, value: await store.call(request.call) };
      case "dump":
        return { op, value: writeBook(await store.dump()) };
      case "stock-log":
        return { op, value: store.stockLog };
    }
  } catch (error) {
    const code = error instanceof OrderStoreError ? error.code : INTERNAL_ERROR;
    return { op, error: code, message: (error as Error).message };
  }
}
