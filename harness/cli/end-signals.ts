/** Ctrl-C, `kill`, a closed terminal and the end of npm all ask for the same: an orderly end. */
import type { Interrupt } from "../../sim/cli/interrupt.ts";
import { whenNpmEnds } from "../processes/npm-launcher.ts";

const ALSO = ["SIGTERM", "SIGHUP"] as const;

/** Listens until the returned function is called. */
export function listenForEnd(interrupt: Interrupt): () => void {
  const stopListening = interrupt.listen();
  for (const signal of ALSO) process.on(signal, asCtrlC);
  // After Ctrl-C npm may go first; that is no second Ctrl-C, which would end everything at once.
  const stopWatching = whenNpmEnds(() => {
    if (!interrupt.requested) asCtrlC();
  });
  return () => {
    stopWatching();
    stopListening();
    for (const signal of ALSO) process.off(signal, asCtrlC);
  };
}

function asCtrlC(): void {
  process.emit("SIGINT");
}
