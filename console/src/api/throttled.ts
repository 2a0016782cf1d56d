/** A call at once, then at most one per interval; the last one asked for is never lost. */
export function throttled(run: () => void, everyMs: number): { call(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let again = false;
  const rest = () => {
    timer = null;
    if (again) call();
  };
  function call(): void {
    if (timer !== null) {
      again = true;
      return;
    }
    again = false;
    timer = setTimeout(rest, everyMs);
    run();
  }
  return {
    call,
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      again = false;
    },
  };
}
