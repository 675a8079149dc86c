import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";
import { resolveForReal } from "./resolve.ts";

async function replayOf(...argv: string[]): Promise<string> {
  return (await resolveForReal(parseOptions(["--seed", "7", ...argv]))).replay;
}

test("the replay has what was asked for, ready for a shell", async () => {
  expect(await replayOf("--port", "4001", "--set", "sale.tickets=9", "--db=pglite")).toMatch(
    /run\.ts --seed 7 --scenario demo --set sale\.tickets=9 --port 4001 --db pglite$/u,
  );
  expect(await replayOf()).toMatch(/--scenario demo$/u);
  expect(await replayOf("--db", "postgres://user@host/db?a=b")).toMatch(
    / --db 'postgres:\/\/user@host\/db\?a=b'$/u,
  );
});

test.each(["postgres://user:secret@host/db", "postgresql://host/db?user=u&password=secret"])(
  "the replay does not tell the password of %s",
  async (url) => {
    const replay = await replayOf("--db", url);
    expect(replay).not.toContain("secret");
    expect(replay).toMatch(/ --db "\$DATABASE_URL"$/u);
  },
);

test("nor does the complaint about a database of another kind", () => {
  expect(() => parseOptions(["--db", "mysql://user:secret@host/db"])).toThrow(
    /got "mysql:\/\/user@host\/db"$/u,
  );
});
