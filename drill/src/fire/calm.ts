/** Before any fault: every panel has data, every rule can be evaluated, and nobody is woken. */
import { setTimeout as delay } from "node:timers/promises";
import { until } from "@wamesh/testing/until";
import type { Ground } from "./fire.ts";
import type { Monitoring } from "./monitoring.ts";
import { checkPanels, type PanelCheck } from "./panels.ts";

export async function lookAtPanels(
  { mesh, scene, say }: Ground,
  monitoring: Monitoring,
): Promise<PanelCheck> {
  say("traffic flows; every panel is asked");
  const panels = checkPanels(monitoring);
  await until(
    async () => {
      // Some series exist only while work waits or shards change hands, and the east has no traffic of its own.
      await mesh.instances.dispatcher[1]?.restart();
      await scene.send(scene.east, "standard", 10);
      await scene.send(scene.west, "standard", 60);
      await delay(3000);
      await panels.look();
      return panels.silent().length === 0;
    },
    { withinMs: 120_000 },
  ).catch(() => {});
  say(
    `${panels.asked} queries of panels, ${panels.empty().length} without data, ${panels.silent().length} of them without a reason`,
  );
  for (const { dashboard, panel, expr } of panels.silent()) say(`no data: ${dashboard}: ${panel}: ${expr}`);
  return panels;
}

/** What the panels' look may have stirred up is given a minute to be over. */
export async function lookAtRules(
  { say }: Ground,
  monitoring: Monitoring,
): Promise<{ brokenRules: string[]; pagesWithoutFault: string[] }> {
  const brokenRules = await monitoring.brokenRules();
  for (const words of brokenRules) say(`broken rule: ${words}`);
  const pages = async () => (await monitoring.firing()).filter(({ severity }) => severity === "page");
  await until(async () => (await pages()).length === 0, { withinMs: 60_000, everyMs: 1000 }).catch(() => {});
  const left = await pages();
  for (const { alert, labels } of left) say(`a page without a fault: ${alert} ${JSON.stringify(labels)}`);
  return { brokenRules, pagesWithoutFault: left.map(({ alert }) => alert) };
}
