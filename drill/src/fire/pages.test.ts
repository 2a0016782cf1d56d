import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Fire } from "./fire.ts";
import { drilledOf, tableOf, withDrilled } from "./pages.ts";
import type { Record_ } from "./record.ts";
import { pagesNow } from "./write-pages.ts";

const light = async () => async () => {};
const fires: Fire[] = [
  { name: "flood", cause: "water", alerts: ["WameshWet page", "WameshWet ticket"], light },
  { name: "frost", cause: "cold", alerts: ["WameshCold page"], light },
];
const row = { fire: "flood", alert: "WameshWet", beside: [] };
const record: Record_ = {
  as_of: "2026-11-22",
  cores: 2,
  factor: 60,
  softened: [{ alert: "WameshWet", from: "> 9", to: "> 1" }],
  panels: { asked: 5, empty: [{ dashboard: "wamesh-x", panel: "P", expr: "p", because: "dry" }] },
  broken_rules: [],
  pages_without_fault: [],
  alerts: [
    { ...row, severity: "page", fired_after_s: 1.5, cleared_after_s: 2 },
    { ...row, severity: "ticket", fired_after_s: null, cleared_after_s: null },
  ],
};

it("the runbooks say of the drill what its record says (npm run runbooks)", () => {
  for (const [file, text] of pagesNow()) expect(readFileSync(file, "utf8")).toBe(text);
});

it("a page says what fired, what did not, and what nobody has driven", () => {
  const wet = drilledOf("WameshWet", fires, record);
  expect(wet).toContain(
    "--fire flood`: water. The page fired 1.5 s after the fault and was over 2 s after its end.",
  );
  expect(wet).toContain("The ticket did not fire");
  expect(drilledOf("WameshCold", fires, record)).toContain("Not driven yet");
  expect(drilledOf("WameshDry", fires, record)).toContain("No fault of the fire drill sets it off");
});

it("the table hides neither what was not seen nor what was lowered", () => {
  const table = tableOf(fires, record);
  expect(table).toContain("| [Wet](WameshWet.md) | page | water | 1.5 | 2 |");
  expect(table).toContain("| [Wet](WameshWet.md) | ticket | water | **not seen** | **not seen** |");
  expect(table).toContain("Wet `> 9` to `> 1`");
  expect(table).toContain("P (x): dry");
});

it("only the last part of a runbook changes", () => {
  expect(withDrilled("# A\n\ntext\n\n## Drilled\n\nold\n", "new\n")).toBe(
    "# A\n\ntext\n\n## Drilled\n\nnew\n",
  );
});
