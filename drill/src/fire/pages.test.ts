import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Fire } from "./fire.ts";
import { drilledOf, tableOf, withDrilled } from "./pages.ts";
import { mergedWith, type Record_ } from "./record.ts";
import { pagesNow } from "./write-pages.ts";

const light = async () => async () => {};
const fires: Fire[] = [
  { name: "flood", cause: "water", alerts: ["WameshWet page", "WameshWet ticket"], light },
  { name: "frost", cause: "cold", alerts: ["WameshCold page"], light },
];
const row = { as_of: "2026-11-22", fire: "flood", alert: "WameshWet" };
const record: Record_ = {
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
  expect(table).toContain("| [Wet](WameshWet.md) | page | water | 1.5 | 2 | 2026-11-22 |");
  expect(table).toContain(
    "| [Wet](WameshWet.md) | ticket | water | **not seen** | **not seen** | 2026-11-22 |",
  );
  expect(table).toContain("Wet `> 9` to `> 1`");
  expect(table).toContain("P (x): dry");
});

it("what was seen of other fires stays, of the same fire it goes", () => {
  const cold = {
    ...row,
    fire: "frost",
    alert: "WameshCold",
    severity: "page",
    fired_after_s: 3,
    cleared_after_s: 4,
  };
  const again = { ...row, severity: "page", fired_after_s: 7, cleared_after_s: 8 };
  const both = mergedWith(
    { ...record, alerts: [cold, ...record.alerts] },
    { ...record, alerts: [again] },
    fires,
  );
  expect(both.alerts).toEqual([again, cold]);
  expect(mergedWith(null, record, fires).alerts).toEqual(record.alerts);
});

it("only the last part of a runbook changes", () => {
  expect(withDrilled("# A\n\ntext\n\n## Drilled\n\nold\n", "new\n")).toBe(
    "# A\n\ntext\n\n## Drilled\n\nnew\n",
  );
});
