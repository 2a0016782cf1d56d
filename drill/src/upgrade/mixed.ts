/** Which releases ran beside which while processes were replaced. Pure. */

/** Of each service, what its processes run at one moment. */
export type Running = Readonly<Record<string, readonly ("before" | "after")[]>>;

/** `split`: services that had both at once. `pairs`: `a > b`, a later release of `a` beside the former one of `b`. */
export type Mixed = { split: string[]; pairs: string[] };

export function mixedOf(moments: readonly Running[]): Mixed {
  const split = new Set<string>();
  const pairs = new Set<string>();
  for (const running of moments)
    for (const [a, ofA] of Object.entries(running)) {
      if (ofA.includes("before") && ofA.includes("after")) split.add(a);
      for (const [b, ofB] of Object.entries(running))
        if (a !== b && ofA.includes("after") && ofB.includes("before")) pairs.add(pair(a, b));
    }
  return { split: [...split], pairs: [...pairs] };
}

/** What was never seen, of all that there can be; a service with one process can't be split. */
export function unseen(moments: readonly Running[]): string[] {
  const seen = mixedOf(moments);
  const services = Object.entries(moments[0] ?? {});
  const pairs = services.flatMap(([a]) => services.flatMap(([b]) => (a === b ? [] : [pair(a, b)])));
  const split = services.flatMap(([name, processes]) => (processes.length > 1 ? [name] : []));
  return [
    ...split.filter((name) => !seen.split.includes(name)),
    ...pairs.filter((name) => !seen.pairs.includes(name)),
  ];
}

function pair(a: string, b: string): string {
  return `${a} > ${b}`;
}
