import { expect, test } from "vitest";
import { DEFINITE_ERRORS } from "../../core/strategy.ts";
import { callErrorOf } from "./call-error.ts";

function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}

const INSIDE = " script: 0123456789012345678901234567890123456789, on @user_script:42.";

test.each(DEFINITE_ERRORS)("%s at the start of a script says that nothing ran", (word) => {
  expect(callErrorOf(replyError(`${word} says Redis`)).code).toBe(word);
});

test.each(DEFINITE_ERRORS)("%s inside a script comes after what it wrote", (word) => {
  const { code } = callErrorOf(replyError(`${word} says Redis${INSIDE}`));
  expect(code).toBe("ABORTED");
  expect(DEFINITE_ERRORS).not.toContain(code);
});

test("an error has its first word for a code", () => {
  expect(callErrorOf(replyError(`WRONGTYPE Operation against a key${INSIDE}`)).code).toBe(
    "WRONGTYPE",
  );
  expect(callErrorOf(replyError("unspeakable")).code).toBe("ERR");
});

test("what is no reply is the connection's, and leaves the outcome unknown", () => {
  const { code, message } = callErrorOf(new Error("OOM, says the socket"));
  expect(message).toBe("OOM, says the socket");
  expect(code).toBe("CONNECTION");
  expect(DEFINITE_ERRORS).not.toContain(code);
});
