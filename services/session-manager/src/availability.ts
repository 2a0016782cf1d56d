/** How available a session was: the share of the time it was wanted in which it was connected. Pure. */
import type { SessionStatus } from "@wamesh/events";

/** connected; wanted: it should be and isn't; idle: nobody wants it to be. */
export type Counts = "connected" | "wanted" | "idle";

/** From this time on (epoch ms), until the next one. */
export type Spell = { fromMs: number; counts: Counts };

/** The share is null where the session was not wanted at all. */
export type Availability = { wantedMs: number; connectedMs: number; share: number | null };

export function countsOf(status: SessionStatus): Counts {
  switch (status) {
    case "connected":
      return "connected";
    case "suspended":
    case "deleted":
      return "idle";
    default:
      return "wanted";
  }
}

/** Of the time from `fromMs` to `toMs`; `spells` in order of time. Before the first there was no session. */
export function availability(spells: readonly Spell[], fromMs: number, toMs: number): Availability {
  const spent = { connected: 0, wanted: 0, idle: 0 };
  spells.forEach((spell, index) => {
    const begin = Math.max(spell.fromMs, fromMs);
    const end = Math.min(spells[index + 1]?.fromMs ?? toMs, toMs);
    spent[spell.counts] += Math.max(0, end - begin);
  });
  const wantedMs = spent.connected + spent.wanted;
  return {
    wantedMs,
    connectedMs: spent.connected,
    share: wantedMs === 0 ? null : spent.connected / wantedMs,
  };
}
