/** Two rounds of the drill, on a mesh of its own with three dispatchers; `npm run drill` has all kinds of faults. */
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { campaign } from "@wamesh/drill";
import { expect, it } from "vitest";

it("a dispatcher killed during a take-over and a crash of Postgres lose, double and reorder nothing", async () => {
  const dataDir = fileURLToPath(new URL(`../../.wamesh/drill-test-${process.pid}`, import.meta.url));
  const lines: string[] = [];
  try {
    const report = await campaign({
      schedule: [["kill_during_take_over"], ["postgres_immediate", "reset_but_sent"]],
      seed: 1,
      dataDir,
      log: (line) => lines.push(line),
    });
    expect(report, lines.join("\n")).toMatchObject({
      lost: 0,
      doubled: 0,
      order_breaks: 0,
      rate_breaks: 0,
      cross_tenant: 0,
    });
    expect(report.messages).toBeGreaterThan(500);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
