import { expect, test } from "vitest";
import { VirtualServer } from "../virtual-server.ts";
import { ServerPool } from "./server-pool.ts";
import type { PoolConfig } from "./server-pool.ts";

const servers = [
  { id: 1, weight: 1 },
  { id: 2, weight: 2 },
  { id: 3, weight: 3 },
];
const sorryServer = { id: 9, weight: 1 };

function make(config: Partial<PoolConfig> = {}): { service: VirtualServer; pool: ServerPool } {
  const service = new VirtualServer({ scheduler: "wrr", mode: "nat" }, () => 0);
  return { service, pool: new ServerPool(service, { servers, ...config }, 0) };
}

test("a failed server is removed, and comes back first", () => {
  const { service, pool } = make();
  expect(service.order).toEqual([3, 2, 1]);
  pool.serverDown(2, 0);
  expect(service.order).toEqual([3, 1]);
  pool.serverUp(2, 0);
  expect(service.order).toEqual([2, 3, 1]);
  expect(service.server(2)?.weight).toBe(2);
});

test("an opinion that is not new changes nothing", () => {
  const { service, pool } = make();
  pool.serverUp(1, 0);
  pool.serverDown(2, 0);
  pool.serverDown(2, 0);
  expect(service.order).toEqual([3, 1]);
  expect(() => pool.serverDown(7, 0)).toThrow(RangeError);
});

test("inhibit_on_failure keeps a failed server in its place with weight 0", () => {
  const inhibited = servers.map((server) => ({ ...server, inhibitOnFailure: true }));
  const { service, pool } = make({ servers: inhibited });
  pool.serverDown(2, 0);
  expect(service.order).toEqual([3, 2, 1]);
  expect(service.server(2)?.weight).toBe(0);
  pool.serverUp(2, 0);
  expect(service.order).toEqual([3, 2, 1]);
  expect(service.server(2)?.weight).toBe(2);
});

test("with alpha servers appear at their first good check", () => {
  const { service, pool } = make({ alpha: true });
  expect(service.order).toEqual([]);
  pool.serverUp(2, 0);
  expect(service.order).toEqual([2]);
});

test("the sorry server replaces the pool when the live weight falls below the quorum", () => {
  const { service, pool } = make({ quorum: 3, sorryServer });
  pool.serverDown(2, 0);
  expect(pool.sorryInUse).toBe(false);
  pool.serverDown(3, 0);
  expect(service.order).toEqual([9]);
  // Server 1 lives on outside the table, and what fails or recovers meanwhile stays outside too.
  pool.serverUp(2, 0);
  expect(pool.sorryInUse).toBe(false);
  expect(service.order).toEqual([2, 1]);
});

test("hysteresis keeps a pool from flapping around its quorum", () => {
  const { pool } = make({ quorum: 3, hysteresis: 2, sorryServer });
  pool.serverDown(3, 0);
  expect(pool.sorryInUse).toBe(false);
  pool.serverDown(2, 0);
  expect(pool.sorryInUse).toBe(false);
  pool.serverDown(1, 0);
  expect(pool.sorryInUse).toBe(true);
  pool.serverUp(3, 0);
  expect(pool.sorryInUse).toBe(true);
  pool.serverUp(2, 0);
  expect(pool.sorryInUse).toBe(false);
});

test("without a sorry server a pool below its quorum goes on with what is left", () => {
  const { service, pool } = make({ quorum: 6 });
  pool.serverDown(3, 0);
  expect(service.order).toEqual([2, 1]);
});
