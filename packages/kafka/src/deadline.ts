/** Work that is waited for until a moment, and not longer. */
export type Result = { kind: "done" } | { kind: "failed"; error: unknown } | { kind: "late" };

/** `deadlineAt` by `performance.now()`. Late work goes on; nobody hears of it. */
export async function before(deadlineAt: number, work: Promise<unknown>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "late" }), Math.max(0, deadlineAt - performance.now()));
  });
  const done = work.then(
    (): Result => ({ kind: "done" }),
    (error: unknown): Result => ({ kind: "failed", error }),
  );
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}
