/** Which process of a service answers the next request: each in turn, as behind an ingress. */
export type Rotation<One> = {
  /** The whole new set of a name. */
  set(name: string, ones: readonly One[]): void;
  /** Those that run, in turns; one that does not run only when none does. Throws while there is none at all. */
  next(name: string): One;
};

export function createRotation<One extends { pid(): number | undefined }>(): Rotation<One> {
  const sets = new Map<string, readonly One[]>();
  let turn = 0;
  return {
    set: (name, ones) => void sets.set(name, ones),
    next(name) {
      const all = sets.get(name) ?? [];
      const running = all.filter((one) => one.pid() !== undefined);
      turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
      const one = running[turn % running.length] ?? all[0];
      if (one === undefined) throw new Error(`no process of ${name} is up`);
      return one;
    },
  };
}
