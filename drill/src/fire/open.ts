/** The ground of a drill: a mesh with traffic, and what watches it. */
import { mkdirSync, rmSync } from "node:fs";
import { type Mesh, startMesh } from "@wamesh/local";
import postgres from "postgres";
import { readGroups } from "../../../deploy/prometheus/rules.ts";
import { scaled, softened } from "../../../deploy/prometheus/scaled.ts";
import { certificateIn } from "./certificate.ts";
import type { Ground, Softened } from "./fire.ts";
import { type Monitoring, startMonitoring, type Target } from "./monitoring.ts";
import { setScene } from "./scene.ts";
import { mountSmall } from "./small-disk.ts";

const targetsOf = (mesh: Mesh): Target[] =>
  Object.entries(mesh.instances).flatMap(([job, all]) =>
    all.map((one) => ({ job, instance: one.name, address: new URL(one.probes()).host })),
  );

/** What is to be closed again is told at once, so that a start which fails half way leaves nothing behind. */
export async function openGround(options: {
  dataDir: string;
  factor: number;
  softened: readonly Softened[];
  say(words: string): void;
  onStop(close: () => unknown): void;
}): Promise<{ ground: Ground; monitoring: Monitoring }> {
  const { dataDir, say, onStop } = options;
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(`${dataDir}/small`, { recursive: true });
  const certificateFile = `${dataDir}/ca.pem`;
  const certificate = certificateIn(certificateFile);
  certificate.renew(365);
  const start = () =>
    startMesh({
      dataDir,
      log: (line) => console.log(line),
      profile: "demo",
      instances: { dispatcher: 2 },
      // A setting that nobody reads: no server here speaks TLS, and an authority beside an open connection is refused.
      env: { WAMESH_DOUBT_RESOLVE_S: "10", WAMESH_DRILL_CERTIFICATE_FILE: certificateFile },
    });
  // On a machine full of other work a service may give up on the registry's first answer; nothing is drilled yet.
  const mesh = await start().catch((error: Error) => {
    say(`once more: ${error.message.split("\n")[0]}`);
    return start();
  });
  onStop(() => mesh.stop());
  const small = mountSmall(`${dataDir}/small`);
  if (small !== null) onStop(small.close);
  const sql = postgres(mesh.stack.postgresUrl, { max: 1, connect_timeout: 3, onnotice: () => {} });
  onStop(() => sql.end({ timeout: 1 }));
  const scene = await setScene(mesh);
  onStop(scene.close);
  const monitoring = await startMonitoring({
    dir: `${dataDir}/monitoring`,
    groups: softened(scaled(readGroups(), options.factor), options.softened),
    targets: () => targetsOf(mesh),
    watchedMount: small?.mount ?? null,
  });
  onStop(monitoring.close);
  return { ground: { mesh, scene, sql, mount: small?.mount ?? null, certificate, say }, monitoring };
}
