import { expect, test } from "vitest";
import { readHead } from "./request-head.ts";

test.each<[string, string[], string, number]>([
  ["nothing", [], "", 0],
  ["other headers", ["Host", "x", "Accept", "*/*", "X-Request-It", "no"], "", 0],
  ["an id", ["Host", "x", "X-Request-Id", "a"], "a", 0],
  ["an id in lower case", ["x-request-id", "a"], "a", 0],
  ["two ids", ["X-Request-Id", "a", "X-REQUEST-ID", "b"], "a, b", 0],
  ["a length", ["content-length", "12", "X-Request-Id", "a"], "a", 12],
  ["a length of nothing", ["Content-Length", "0"], "", 0],
  ["chunks", ["Transfer-Encoding", "chunked"], "", -1],
])("%s", (_what, rawHeaders, requestId, bodyBytes) => {
  expect(readHead(rawHeaders)).toEqual({ requestId, bodyBytes });
});
