/** `npm run fire`: each fault caused for real, and its alert seen to fire and to clear, at a real Prometheus and Alertmanager. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkPrerequisites, endOnSignal, type Mesh, startMesh } from "@wamesh/local";
import { until } from "@wamesh/testing/until";
import postgres from "postgres";
import { readGroups } from "../../../deploy/prometheus/rules.ts";
import { scaled, softened } from "../../../deploy/prometheus/scaled.ts";
import { type Burnt, burn } from "./burn.ts";
import { certificateIn, fires, mountSmall } from "./fires.ts";
import { startMonitoring, type Target } from "./monitoring.ts";
import { checkPanels } from "./panels.ts";
import { setScene } from "./scene.ts";
import { findTool } from "./tools.ts";

const help = `wamesh fire drill: faults on a running mesh, watched by a real Prometheus and Alertmanager.

  npm run fire -- [flags]

  --fire NAME     only this fault; may be given several times (default: all)
  --calm          no fault: the panels' queries and the rules against a mesh at work, and no page
  --factor N      windows and patience of the rules divided by this (default 60)
  --report FILE   write the figures as JSON
  --help          this text

Exit status 0: every alert fired and cleared, every panel had data; 1: one did not.

${fires.map(({ name, cause }) => `  ${name.padEnd(20)} ${cause}`).join("\n")}
`;

const { values: flags } = parseArgs({
  options: {
    fire: { type: "string", multiple: true, default: [] },
    calm: { type: "boolean", default: false },
    factor: { type: "string", default: "60" },
    report: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  console.log(help);
  process.exit(0);
}
const chosen = fires.filter(
  ({ name }) => !flags.calm && (flags.fire.length === 0 || flags.fire.includes(name)),
);
const unknown = flags.fire.find((name) => !fires.some((fire) => fire.name === name));
const factor = Number(flags.factor);
if (unknown !== undefined || !(factor >= 1)) {
  console.error(
    `${unknown === undefined ? "--factor takes a number from 1" : `there is no fire "${unknown}"`}\n\n${help}`,
  );
  process.exit(2);
}
try {
  for (const tool of ["prometheus", "alertmanager"] as const) findTool(tool);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
const problem = await checkPrerequisites();
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

const dataDir = fileURLToPath(new URL("../../../.wamesh/fire", import.meta.url));
rmSync(dataDir, { recursive: true, force: true });
mkdirSync(`${dataDir}/small`, { recursive: true });
const certificateFile = `${dataDir}/ca.pem`;
const certificate = certificateIn(certificateFile);
const say = (words: string) => console.log(`  ${new Date().toISOString().slice(11, 19)}  ${words}`);
const stops: (() => unknown)[] = [];
const stop = async () => {
  for (const one of stops.splice(0).reverse()) await one();
};
endOnSignal(stop);

const targetsOf = (mesh: Mesh): Target[] =>
  Object.entries(mesh.instances).flatMap(([job, all]) =>
    all.map((one) => ({ job, instance: one.name, address: new URL(one.probes()).host })),
  );

try {
  certificate.renew(365);
  const start = () =>
    startMesh({
      dataDir,
      log: (line) => console.log(line),
      profile: "demo",
      instances: { dispatcher: 2 },
      env: { WAMESH_DOUBT_RESOLVE_S: "10", WAMESH_DRILL_CERTIFICATE_FILE: certificateFile },
    });
  // On a machine full of other work a service may give up on the registry's first answer; nothing is drilled yet.
  const mesh = await start().catch((error: Error) => {
    say(`once more: ${error.message.split("\n")[0]}`);
    return start();
  });
  stops.push(() => mesh.stop());
  const small = mountSmall(`${dataDir}/small`);
  if (small !== null) stops.push(small.close);
  const sql = postgres(mesh.stack.postgresUrl, { max: 1, connect_timeout: 3, onnotice: () => {} });
  stops.push(() => sql.end({ timeout: 1 }));
  const scene = await setScene(mesh);
  stops.push(scene.close);
  const monitoring = await startMonitoring({
    dir: `${dataDir}/monitoring`,
    groups: softened(
      scaled(readGroups(), factor),
      fires.flatMap((fire) => fire.softened ?? []),
    ),
    targets: () => targetsOf(mesh),
    watchedMount: small?.mount ?? null,
  });
  stops.push(monitoring.close);

  say("traffic flows; every panel is asked");
  const panels = checkPanels(monitoring);
  const silent = () => panels.empty().filter(({ because }) => because === null);
  await until(
    async () => {
      // Some series exist only while work waits or shards change hands, and the east has no traffic of its own.
      await mesh.instances.dispatcher[1]?.restart();
      await scene.send(scene.east, "standard", 10);
      await scene.send(scene.west, "standard", 60);
      await delay(3000);
      await panels.look();
      return silent().length === 0;
    },
    { withinMs: 120_000 },
  ).catch(() => {});
  say(
    `${panels.asked} queries of panels, ${panels.empty().length} without data, ${silent().length} of them without a reason`,
  );
  for (const { dashboard, panel, expr } of silent()) say(`no data: ${dashboard}: ${panel}: ${expr}`);
  const brokenRules = await monitoring.brokenRules();
  for (const words of brokenRules) say(`broken rule: ${words}`);
  await until(async () => (await monitoring.firing()).every(({ severity }) => severity !== "page"), {
    withinMs: 60_000,
    everyMs: 1000,
  }).catch(() => {});
  const falsePages = (await monitoring.firing()).filter(({ severity }) => severity === "page");
  for (const { alert, labels } of falsePages)
    say(`a page without a fault: ${alert} ${JSON.stringify(labels)}`);

  const burnt: Burnt[] = [];
  // After each, so that a run that is cut off has told what it saw.
  const write = () => {
    if (flags.report === undefined) return;
    const report = {
      factor,
      softened: fires.flatMap((fire) => fire.softened ?? []),
      panels: { asked: panels.asked, empty: panels.empty() },
      broken_rules: brokenRules,
      pages_without_fault: falsePages.map(({ alert }) => alert),
      alerts: burnt,
    };
    writeFileSync(flags.report, `${JSON.stringify(report, null, 2)}\n`);
  };
  write();
  for (const fire of chosen) {
    try {
      const rows = await burn(fire, monitoring, {
        mesh,
        scene,
        sql,
        mount: small?.mount ?? null,
        certificate,
        say,
      });
      burnt.push(...rows);
      for (const row of rows)
        say(
          `    ${row.alert} ${row.severity}: fired after ${row.fired_after_s} s, cleared after ${row.cleared_after_s} s`,
        );
      if (rows[0]?.beside.length) say(`    beside: ${rows[0].beside.join(", ")}`);
    } catch (error) {
      say(`${fire.name} was cut short: ${error}`);
      for (const name of fire.alerts) {
        const [alert, severity] = name.split(" ") as [string, string];
        burnt.push({
          fire: fire.name,
          cause: fire.cause,
          alert,
          severity,
          fired_after_s: null,
          cleared_after_s: null,
          beside: [],
        });
      }
    }
    write();
  }
  const missed = burnt.filter((row) => row.fired_after_s === null || row.cleared_after_s === null);
  console.log(
    `${burnt.length - missed.length} of ${burnt.length} alerts fired and cleared; ${silent().length} panels without data`,
  );
  await stop();
  process.exit(missed.length + silent().length + brokenRules.length + falsePages.length === 0 ? 0 : 1);
} catch (error) {
  console.error(error);
  await stop();
  process.exit(1);
}
