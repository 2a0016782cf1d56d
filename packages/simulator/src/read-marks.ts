/** The read marks that came, each as often as it came. Bounded: the oldest are forgotten. */
import type { Provider } from "./ledger.ts";

export type ReadMark = {
  provider: Provider;
  /** phone_number_id or session id. */
  sender: string;
  /** Provider id of the message that was read. */
  of: string;
  /** WasenderApi: the chat's address. */
  chat: string | null;
  /** Cloud API: a typing indicator came with it. */
  typing: boolean;
  /** Epoch ms. */
  at: number;
};

export type ReadMarks = { add(mark: ReadMark): void; list(): readonly ReadMark[]; clear(): void };

export function createReadMarks(most = 10_000): ReadMarks {
  let marks: ReadMark[] = [];
  return {
    add(mark) {
      marks.push(mark);
      if (marks.length > most) marks = marks.slice(-most / 2);
    },
    list: () => marks,
    clear() {
      marks = [];
    },
  };
}
