/** Virtual time: what is to happen, earliest first, in the order in which it was planned where times are equal. */

export type Agenda = {
  /** True milliseconds since the start of the run. */
  now(): number;
  at(timeMs: number, run: () => void): void;
  after(delayMs: number, run: () => void): void;
  /** Runs until nothing is left, `isOver` says so, or the time has come. */
  runUntil(timeMs: number, isOver: () => boolean): void;
};

type Entry = { time: number; order: number; run: () => void };

export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let now = 0;
  let order = 0;

  const isBefore = (a: Entry, b: Entry) => a.time < b.time || (a.time === b.time && a.order < b.order);

  function push(entry: Entry): void {
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  function pop(): Entry {
    const first = heap[0]!;
    const last = heap.pop()!;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    if (heap.length > 0) heap[index] = last;
    return first;
  }

  const at = (time: number, run: () => void) => push({ time: Math.max(now, time), order: order++, run });

  return {
    now: () => now,
    at,
    after: (delayMs, run) => at(now + delayMs, run),
    runUntil(timeMs, isOver) {
      while (heap.length > 0 && heap[0]!.time <= timeMs && !isOver()) {
        const { time, run } = pop();
        now = time;
        run();
      }
    },
  };
}
