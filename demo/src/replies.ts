/** People who write back: now and then one of those who got acme's message, played by the simulator. */
import { askSimulator, type LedgerMessage } from "@wamesh/testing/outside";

export type Replies = {
  /** How many wrote. */
  written(): number;
  stop(): void;
};

/** `arrivals`: what has reached the provider so far; each reply goes to the number that wrote. */
export function startReplies(options: {
  simulator: string;
  everyMs: number;
  random: () => number;
  senders: ReadonlySet<string>;
  arrivals: () => readonly LedgerMessage[];
}): Replies {
  let written = 0;
  const timer = setInterval(() => {
    const arrivals = options.arrivals();
    const one = arrivals[Math.floor(options.random() * arrivals.length)];
    if (one === undefined || !options.senders.has(one.sender)) return;
    written++;
    askSimulator(options.simulator, "POST", "/_sim/inbound", {
      provider: "cloud_api",
      phone_number_id: one.sender,
      from: `+${one.recipient.replace(/\D/g, "")}`,
      text: "Is this still on tomorrow?",
    }).catch(() => {
      written--;
    });
  }, options.everyMs);
  return { written: () => written, stop: () => clearInterval(timer) };
}
