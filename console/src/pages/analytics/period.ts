/** Days of the form as times of the API: from the first's beginning to the last's end, in UTC as billing counts. Pure but for today. */
export function periodOf(from: string, to: string): { from: string; to: string } {
  return {
    from: `${from}T00:00:00.000Z`,
    to: new Date(Date.parse(`${to}T00:00:00.000Z`) + 86_400_000).toISOString(),
  };
}

export function today(nowMs = Date.now()): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}
