/**
 * The demo's traffic against a mesh that runs already and calls the simulator; deploy/compose/demo.yml sets one up. Takes the
 * demo's flags, ends after the summary. Works once on the same data: it makes the two tenants.
 */
import { hostname } from "node:os";
import {
  address,
  kafkaSettings,
  loadSettings,
  publicOriginSettings,
  registrySettings,
  text,
} from "@wamesh/service";
import { startReceiver } from "@wamesh/testing/outside";
import { parseFlags } from "./flags.ts";
import { runAndJudge } from "./judge.ts";
import { stageElsewhere } from "./stage.ts";
import { verify } from "./verify.ts";

const settings = {
  kafkaBrokers: kafkaSettings.kafkaBrokers,
  ...registrySettings,
  ...publicOriginSettings,
  operatorKey: text({ about: "the mesh's operator key", secret: true }),
  metaApps: text({ about: "the app that the simulator plays, as the mesh knows it", secret: true }),
  simulatorUrl: address(["http"], { about: "where the simulator is", example: "http://simulator:8090" }),
};

try {
  const flags = parseFlags(["--kill", "none", ...process.argv.slice(2)]);
  if (flags === "help")
    throw new Error("The flags of npm run demo, without --kill; there is nothing to stay up.");
  const given = loadSettings(settings);
  const stage = await stageElsewhere({
    origin: given.publicOrigin,
    operatorKey: given.operatorKey,
    simulator: given.simulatorUrl,
    kafkaBrokers: given.kafkaBrokers.join(","),
    registryUrl: given.registryUrl,
    metaApp: given.metaApps,
  });
  // The services deliver the tenants' webhooks to this container, by its name.
  const receiver = await startReceiver({ host: hostname(), verify });
  const { faults } = await runAndJudge(stage, receiver, flags, Date.now());
  process.exit(faults.length === 0 ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
