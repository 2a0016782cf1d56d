/** Things to do at a time, earliest first: a binary heap in which setting a key again replaces its time. */

export type Alarms<K> = {
  set(key: K, at: number): void;
  clear(key: K): void;
  /** The next key that is due, taken out; undefined when none is. */
  due(nowMs: number): K | undefined;
  /** Null when nothing is set. */
  next(): number | null;
};

export function createAlarms<K>(): Alarms<K> {
  const times = new Map<K, number>();
  const heap: { key: K; at: number }[] = [];

  function push(entry: { key: K; at: number }): void {
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.at <= entry.at) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  function pop(): void {
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
      if (heap[child]!.at >= last.at) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }

  /** Entries whose key was set anew or cleared are left in the heap until they come up. */
  function dropStale(): void {
    while (heap.length > 0 && times.get(heap[0]!.key) !== heap[0]!.at) pop();
  }

  return {
    set(key, at) {
      if (times.get(key) === at) return;
      times.set(key, at);
      push({ key, at });
    },
    clear: (key) => times.delete(key),
    due(nowMs) {
      dropStale();
      const first = heap[0];
      if (first === undefined || first.at > nowMs) return undefined;
      pop();
      times.delete(first.key);
      return first.key;
    },
    next() {
      dropStale();
      return heap[0]?.at ?? null;
    },
  };
}
