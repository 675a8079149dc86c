import { expect, test } from "vitest";
import { forwardedTraffic } from "./director-load.ts";

const requests = { packets: 5, bytes: 600 };
const replies = { packets: 4, bytes: 4000 };

test("only NAT carries the replies, and tunnelling adds a header to each request packet", () => {
  expect(forwardedTraffic("nat", requests, replies)).toEqual({ packets: 9, bytes: 4600 });
  expect(forwardedTraffic("dr", requests, replies)).toEqual({ packets: 5, bytes: 600 });
  expect(forwardedTraffic("tun", requests, replies)).toEqual({ packets: 5, bytes: 700 });
});
