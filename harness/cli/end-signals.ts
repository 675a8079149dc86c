/** Ctrl-C, `kill` and a closed terminal all ask for the same: an orderly end. */
import type { Interrupt } from "../../sim/cli/interrupt.ts";

const ALSO = ["SIGTERM", "SIGHUP"] as const;

/** Listens until the returned function is called. */
export function listenForEnd(interrupt: Interrupt): () => void {
  const stopListening = interrupt.listen();
  for (const signal of ALSO) process.on(signal, asCtrlC);
  return () => {
    stopListening();
    for (const signal of ALSO) process.off(signal, asCtrlC);
  };
}

function asCtrlC(): void {
  process.emit("SIGINT");
}
