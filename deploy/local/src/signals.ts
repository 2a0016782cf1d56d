/** Ctrl-C and SIGTERM: stop in order within five seconds; the second signal, or the end of the time, ends at once. */
export function endOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const end = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130);
    stopping = true;
    // Children are tied to this process's life: what is still running then dies with it.
    setTimeout(() => process.exit(1), 5000).unref();
    stop().then(
      () => process.exit(signal === "SIGINT" ? 130 : 143),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}
