/** Ctrl-C, `kill` and a closed terminal all ask for the same: an orderly end. */
const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens until the returned function is called. */
export function onEndSignal(end: () => void): () => void {
  for (const signal of END_SIGNALS) process.on(signal, end);
  return () => {
    for (const signal of END_SIGNALS) process.off(signal, end);
  };
}
