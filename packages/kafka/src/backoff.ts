/** How long a failed batch waits before it is read again: 100 ms, doubled each time up to 5 s, less up to a fifth. Pure. */
export function backoffMs(failures: number, random: () => number): number {
  const full = Math.min(5000, 100 * 2 ** (failures - 1));
  return full * (1 - 0.2 * random());
}
