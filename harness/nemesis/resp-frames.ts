/**
 * Cuts a stream of RESP, Redis's wire format (versions 2 and 3), into whole messages.
 *
 * A proxy that is to lose or repeat a single call must know where it ends; it need not know what
 * it says.
 */

const CR = 13;

export class RespFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that this chunk completes, in order. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    let start = 0;
    for (let end = frameEnd(bytes, start); end >= 0; end = frameEnd(bytes, start)) {
      frames.push(bytes.subarray(start, end));
      start = end;
    }
    this.#rest = bytes.subarray(start);
    return frames;
  }
}

/** Where the message that begins at `start` ends; -1 if it is not all there. */
function frameEnd(bytes: Buffer, start: number): number {
  const lineEnd = bytes.indexOf(CR, start);
  // The line feed behind it may be still to come.
  if (lineEnd < 0 || lineEnd + 2 > bytes.length) return -1;
  const next = lineEnd + 2;
  const length = Number(bytes.toString("latin1", start + 1, lineEnd));
  switch (String.fromCodePoint(bytes[start])) {
    case "$":
    case "=":
    case "!": {
      if (length < 0) return next;
      const end = next + length + 2;
      return end <= bytes.length ? end : -1;
    }
    case "*":
    case "~":
    case ">":
      return elementsEnd(bytes, next, length);
    case "%":
      return elementsEnd(bytes, next, 2 * length);
    default:
      // A simple string, error, number, double, boolean or null is all on its line.
      return next;
  }
}

function elementsEnd(bytes: Buffer, start: number, count: number): number {
  let end = start;
  for (let i = 0; i < count && end >= 0; i += 1) end = frameEnd(bytes, end);
  return end;
}

/** The name of a command, in capitals, as clients send it: an array of bulk strings. */
export function commandName(frame: Buffer): string {
  // "*3\r\n$7\r\nevalsha\r\n…": the name is what stands on the third line.
  const lengthLine = frame.indexOf(CR) + 2;
  const name = frame.indexOf(CR, lengthLine) + 2;
  return frame.toString("latin1", name, frame.indexOf(CR, name)).toUpperCase();
}

/** A message that answers nothing: Redis sends it of its own accord. */
export function isPush(frame: Buffer): boolean {
  return frame[0] === ">".codePointAt(0);
}

/** A reply that says that nothing ran because Redis does not know the script's hash. */
export function isNoScript(frame: Buffer): boolean {
  return frame.toString("latin1", 0, "-NOSCRIPT".length) === "-NOSCRIPT";
}
