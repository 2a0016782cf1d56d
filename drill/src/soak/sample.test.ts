import { expect, test } from "vitest";
import { inbound } from "./sample.ts";

const line = (local: string, remote: string, state: string, inode: number) =>
  `   0: 0100007F:${local} 0100007F:${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 20 4 30 10 -1`;

test("connections to one's own port are others', those that one opened are one's own", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    line("1F90", "0000", "0A", 10),
    line("1F90", "9C40", "01", 11),
    line("1F90", "9C41", "08", 12),
    line("9C42", "1538", "01", 13),
    // Of another process, at the same port.
    line("1F90", "9C43", "01", 14),
  ].join("\n");
  expect(inbound([table, ""], new Set(["10", "11", "12", "13"]))).toBe(2);
  expect(inbound([table, ""], new Set(["13"]))).toBe(0);
});
