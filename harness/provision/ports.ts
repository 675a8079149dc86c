/** Ports on loopback: the wanted ones, or the next that are free. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

const PORT_MAX = 65_535;

/** There is no free port where one was looked for. */
export class NoFreePort extends Error {
  override readonly name = "NoFreePort";
}

/**
 * `count` ports from `wanted` on that nobody listens on, in ascending order, without those in
 * `taken`. Whoever listens on one of them in the next moment wins it.
 * @throws NoFreePort
 */
export async function freePorts(
  wanted: number,
  count: number,
  taken: readonly number[] = [],
): Promise<number[]> {
  const ports: number[] = [];
  for (let port = wanted; ports.length < count; port += 1) {
    if (port > PORT_MAX)
      throw new NoFreePort(`only ${ports.length} of ${count} ports are free from ${wanted} on`);
    if (!taken.includes(port) && (await isFree(port))) ports.push(port);
  }
  return ports;
}

/** A port of 127.0.0.1 that nobody listens on, of the system's choice. */
export async function anyFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** True if one could listen on this port of 127.0.0.1: nobody does, there or on all addresses. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
