/** Colour, on terminals that want it. */
import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
export type Paint = (style: Style, text: string) => string;

const plain: Paint = (_style, text) => text;

interface Target {
  readonly isTTY?: boolean;
}

/** Plain text if `stream` is no terminal, if it is a dumb one, or if NO_COLOR is set (no-color.org). */
export function paintFor(stream: Target, env: NodeJS.ProcessEnv): Paint {
  const wanted = stream.isTTY === true && env["TERM"] !== "dumb" && (env["NO_COLOR"] ?? "") === "";
  return wanted ? (style, text) => styleText(style, text) : plain;
}
