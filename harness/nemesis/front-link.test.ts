/** The way from nginx to a server, cut and healed. */
import { createServer, request } from "node:http";
import type { Agent, Server } from "node:http";
import { Agent as HttpAgent } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePorts } from "../provision/ports.ts";
import { FrontLink } from "./front-link.ts";

let server: Server;
let link: FrontLink;
let agent: Agent;
let requests = 0;

beforeEach(async () => {
  requests = 0;
  server = createServer((_, response) => {
    requests += 1;
    response.end("here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const [port] = await freePorts(17_501, 1);
  link = new FrontLink(address, port);
  await link.open();
  agent = new HttpAgent({ keepAlive: true });
});

afterEach(() => {
  agent.destroy();
  link.close();
  server.closeAllConnections();
  server.close();
});

/** The status, or the code of the failure. */
function ask(kept = false): Promise<unknown> {
  return new Promise((resolve) => {
    const asking = request(
      { ...link.address, timeout: 200, agent: kept ? agent : false },
      (answer) => {
        answer.resume().once("end", () => resolve(answer.statusCode));
      },
    );
    asking.once("timeout", () => asking.destroy(Object.assign(new Error(), { code: "TIMEOUT" })));
    asking.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    asking.end();
  });
}

test("cut, new connections are refused and old ones are silent; healed, it serves again", async () => {
  expect(await ask(true)).toBe(200);
  const { port } = link.address;
  link.cut();
  expect(await ask()).toBe("ECONNREFUSED");
  expect(await ask(true)).toBe("TIMEOUT");
  expect(requests).toBe(1);

  await link.heal();
  expect(link.address.port).toBe(port);
  expect(await ask()).toBe(200);
  expect(await ask(true)).toBe(200);
  expect(requests).toBe(3);
});
