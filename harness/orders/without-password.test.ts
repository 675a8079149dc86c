import { expect, test } from "vitest";
import { withoutPassword } from "./without-password.ts";

test.each([
  ["postgres://user:pw@host/db", "postgres://user@host/db"],
  ["postgres://:pw@host/db", "postgres://@host/db"],
  ["postgres://user:p@s/s:w@host:5432/db", "postgres://user@host:5432/db"],
  ["postgres://host/db?user=u&password=pw&x=y", "postgres://host/db?user=u&password=***&x=y"],
  ["postgres://host/db?password=a&password=b", "postgres://host/db?password=***&password=***"],
  ["postgres://user@host:5432/db?application_name=a@b", ""],
  ["postgres:///db?host=/var/run", ""],
  ["pglite", ""],
])("%s", (url, shown) => {
  expect(withoutPassword(url)).toBe(shown || url);
});
