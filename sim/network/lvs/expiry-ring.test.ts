import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ExpiryRing } from "./expiry-ring.ts";

const BUCKET_NS = 100;
const LIFETIME_NS = 2000;

const step = fc.record({
  pauseNs: fc.nat({ max: 5000 }),
  lifetimesNs: fc.array(fc.integer({ min: 1, max: LIFETIME_NS }), { maxLength: 4 }),
});

test("counts the same as a list of expiry times, rounded up to buckets", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const ring = new ExpiryRing(BUCKET_NS, LIFETIME_NS);
      let listed: number[] = [];
      let nowNs = 0;
      for (const { pauseNs, lifetimesNs } of steps) {
        nowNs += pauseNs;
        const live = listed.filter((expiryNs) => expiryNs > nowNs);
        expect(ring.drain(nowNs)).toBe(listed.length - live.length);
        listed = live;
        for (const lifetimeNs of lifetimesNs) {
          ring.add(nowNs + lifetimeNs);
          listed.push(Math.ceil((nowNs + lifetimeNs) / BUCKET_NS) * BUCKET_NS);
        }
        expect(ring.live).toBe(listed.length);
      }
    }),
  );
});

test("remove takes back exactly one, and none that has expired", () => {
  const ring = new ExpiryRing(BUCKET_NS, LIFETIME_NS);
  ring.add(500);
  ring.add(1500);
  expect(ring.remove(500)).toBe(true);
  expect(() => ring.remove(500)).toThrow(RangeError);
  expect(ring.drain(1500)).toBe(1);
  expect(ring.remove(1500)).toBe(false);
});

test("takeFrom takes what expires at that time or later", () => {
  const ring = new ExpiryRing(BUCKET_NS, LIFETIME_NS);
  ring.add(400);
  ring.add(900);
  ring.add(2000);
  expect(ring.takeFrom(900)).toBe(2);
  expect(ring.live).toBe(1);
  expect(ring.drain(400)).toBe(1);
});

test("an expiry outside the ring is a bug, not a wrong count", () => {
  const ring = new ExpiryRing(BUCKET_NS, LIFETIME_NS);
  ring.drain(1000);
  expect(() => ring.add(1000)).toThrow(RangeError);
  expect(() => ring.add(1000 + 2 * LIFETIME_NS)).toThrow(RangeError);
});
