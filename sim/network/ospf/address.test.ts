import { expect, test } from "vitest";
import {
  formatAddress,
  formatPrefix,
  parseAddress,
  parseMaskLength,
  parsePrefix,
  prefixContains,
  prefixOf,
} from "./address.ts";

test("addresses are unsigned numbers", () => {
  expect(parseAddress("255.255.255.255")).toBe(0xffffffff);
  expect(formatAddress(0xc0a80001)).toBe("192.168.0.1");
});

test("a prefix knows its own", () => {
  const prefix = parsePrefix("192.168.7.4/30");
  expect(formatPrefix(prefix)).toBe("192.168.7.4/30");
  expect(prefixOf(parseAddress("192.168.7.6"), 30)).toBe(prefix);
  expect(prefixContains(prefix, parseAddress("192.168.7.7"))).toBe(true);
  expect(prefixContains(prefix, parseAddress("192.168.7.8"))).toBe(false);
  expect(prefixContains(parsePrefix("0.0.0.0/0"), parseAddress("9.9.9.9"))).toBe(true);
});

test("masks are lengths", () => {
  expect(parseMaskLength("255.255.255.252")).toBe(30);
  expect(parseMaskLength("0.0.0.0")).toBe(0);
  expect(parseMaskLength("255.255.255.255")).toBe(32);
  expect(() => parseMaskLength("255.0.255.0")).toThrow(RangeError);
});

test.each(["10.0.0", "10.0.0.0.0", "10.0.0.256", "10.0.0.x", ""])("%s is no address", (text) => {
  expect(() => parseAddress(text)).toThrow(RangeError);
});

test.each(["10.0.0.0", "10.0.0.1/24", "10.0.0.0/33", "10.0.0.0/"])("%s is no prefix", (text) => {
  expect(() => parsePrefix(text)).toThrow(RangeError);
});
