import { expect, test } from "vitest";
import { commandName, isNoScript, isPush, RespFrames } from "./resp-frames.ts";

const MESSAGES = [
  "+OK\r\n",
  "-NOSCRIPT No matching script.\r\n",
  ":42\r\n",
  "$-1\r\n",
  "$12\r\nwith\r\nbreaks\r\n",
  "*0\r\n",
  "*-1\r\n",
  "*3\r\n$7\r\nevalsha\r\n*2\r\n:1\r\n$0\r\n\r\n%1\r\n+a\r\n_\r\n",
  ">2\r\n+invalidate\r\n*1\r\n+key\r\n",
  "~1\r\n#t\r\n",
  ",3.25\r\n",
];
const STREAM = Buffer.from(MESSAGES.join(""));

test.each([1, 2, 3, 7, STREAM.length])(
  "cut into chunks of %d bytes, messages come out whole",
  (size) => {
    const frames = new RespFrames();
    const out: string[] = [];
    for (let at = 0; at < STREAM.length; at += size)
      for (const frame of frames.push(STREAM.subarray(at, at + size))) out.push(frame.toString());
    expect(out).toEqual(MESSAGES);
  },
);

test("an unfinished message is kept back", () => {
  const frames = new RespFrames();
  expect(frames.push(Buffer.from("*2\r\n:1\r\n"))).toEqual([]);
  expect(frames.push(Buffer.from(":2\r\n:3")).map(String)).toEqual(["*2\r\n:1\r\n:2\r\n"]);
});

test("what a proxy needs to know of a message", () => {
  expect(commandName(Buffer.from("*2\r\n$7\r\nevalsha\r\n$1\r\nx\r\n"))).toBe("EVALSHA");
  expect(isPush(Buffer.from(">1\r\n+x\r\n"))).toBe(true);
  expect(isPush(Buffer.from("+x\r\n"))).toBe(false);
  expect(isNoScript(Buffer.from(MESSAGES[1]))).toBe(true);
  expect(isNoScript(Buffer.from("-ERR\r\n"))).toBe(false);
});
