/** For waits that only a fault makes endless: a slow machine may take minutes over a backlog. */
export const patience = { withinMs: 300_000, everyMs: 50 };
