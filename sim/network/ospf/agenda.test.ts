import { expect, test } from "vitest";
import { Agenda } from "./agenda.ts";

test("by time, and at one time in the order of arrival", () => {
  const agenda = new Agenda<string>();
  expect(agenda.nextNs()).toBe(Infinity);
  const times = [5, 1, 5, 3, 1, 5];
  times.forEach((time, i) => agenda.add(time, `${time}#${i}`));
  const taken: (string | undefined)[] = [];
  while (agenda.nextNs() < Infinity) taken.push(agenda.take());
  expect(taken).toEqual(["1#1", "1#4", "3#3", "5#0", "5#2", "5#5"]);
});
