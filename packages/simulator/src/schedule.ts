/** Many small things to do later, on few timers: 9,000 callbacks a second share 200 of them. */

const GRAIN_MS = 5;

export type Schedule = {
  /** Runs `task` at `at` (epoch ms), up to 5 ms later. */
  at(at: number, task: () => void): void;
  clear(): void;
};

export function createSchedule(now: () => number): Schedule {
  const slots = new Map<number, { tasks: (() => void)[]; timer: NodeJS.Timeout }>();
  return {
    at(at, task) {
      const slot = Math.ceil(Math.max(at, now()) / GRAIN_MS);
      const existing = slots.get(slot);
      if (existing !== undefined) {
        existing.tasks.push(task);
        return;
      }
      const tasks = [task];
      const run = () => {
        slots.delete(slot);
        for (const one of tasks) one();
      };
      slots.set(slot, { tasks, timer: setTimeout(run, Math.max(0, slot * GRAIN_MS - now())) });
    },
    clear() {
      for (const { timer } of slots.values()) clearTimeout(timer);
      slots.clear();
    },
  };
}
