import { expect, test } from "vitest";
import type { Split } from "../session/split.ts";
import { splitText } from "./text.ts";

const SPLIT: Split = {
  requests: 1000,
  perServer: [
    { port: 3001, requests: 500, isAsked: true },
    { port: 3002, requests: 500, isAsked: true },
  ],
  expected: [500, 500],
  whyInexact: null,
  ok: true,
};

function shown(split: Partial<Split>): string[] {
  return splitText({ ...SPLIT, ...split }, (_, text) => text);
}

test("a split as it must be", () => {
  expect(shown({})).toEqual([
    "Split of 1,000 requests by port  ✓ exactly by weight",
    "  3001: 500 · 3002: 500",
  ]);
});

test("servers behind other fronts stand apart, and are no part of what was expected", () => {
  const perServer = [...SPLIT.perServer, { port: 3003, requests: 1, isAsked: false }];
  expect(shown({ perServer, expected: [500, 500, 0], ok: false })).toEqual([
    "Split of 1,000 requests by port  ✗ expected 500, 500",
    "  3001: 500 · 3002: 500",
    "  behind other fronts, not asked: 3003: 1",
  ]);
});

test("why a split is not judged", () => {
  const whyInexact = "this method does not go by weights alone";
  expect(shown({ expected: null, whyInexact })[0]).toBe(
    "Split of 1,000 requests by port  (this method does not go by weights alone)",
  );
});
