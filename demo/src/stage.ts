// What a run needs of a mesh, wherever it stands: processes of this machine, or a mesh that runs already.
import type { Mesh } from "@wamesh/local";
import { askSimulator } from "@wamesh/testing/outside";
import type { ServiceName } from "./flags.ts";

type Pids = Record<string, number | undefined>;

export type Stage = {
  origin: string;
  operatorKey: string;
  simulator: string;
  metaApp: { id: string };
  kafkaBrokers: string;
  registryUrl: string;
  /** Of the five services, as far as they are processes here. */
  servicePids(): Pids;
  /** Of everything else that works for the run, as far as it is a process here. */
  otherPids(): Pids;
  /** kill -9, and start again. Throws where the service is no process of ours. */
  killAndStart(service: ServiceName): Promise<void>;
};

export function stageHere(mesh: Mesh): Stage {
  const { origin, operatorKey, simulator, metaApp, stack, services } = mesh;
  return {
    origin,
    operatorKey,
    simulator,
    metaApp,
    kafkaBrokers: stack.kafkaBrokers,
    registryUrl: stack.registryUrl,
    servicePids: () => Object.fromEntries(Object.entries(services).map(([name, one]) => [name, one.pid()])),
    otherPids: () => ({ ...stack.pids, simulator: mesh.simulatorPid() }),
    killAndStart: async (service) => {
      await services[service].kill();
      await services[service].start();
    },
  };
}

export type Addresses = Pick<
  Stage,
  "origin" | "operatorKey" | "simulator" | "kafkaBrokers" | "registryUrl"
> & {
  /** As the mesh knows it: `id:secret:verify token`. */
  metaApp: string;
};

/** A mesh that somebody else started. The simulator's Meta app is told where to call back, as `npm run demo` does it too. */
export async function stageElsewhere(addresses: Addresses): Promise<Stage> {
  const [id, secret, verifyToken] = addresses.metaApp.split(":");
  if (id === undefined || secret === undefined || verifyToken === undefined)
    throw new Error("WAMESH_META_APPS is id:secret:verify token of the app that the simulator plays.");
  await askSimulator(addresses.simulator, "POST", "/_sim/apps", {
    app_id: id,
    app_secret: secret,
    verify_token: verifyToken,
    callback_url: `${addresses.origin}/callbacks/cloud-api/${id}`,
  });
  return {
    ...addresses,
    metaApp: { id },
    servicePids: () => ({}),
    otherPids: () => ({}),
    killAndStart: async (service) => {
      throw new Error(`${service} is no process of this demo: leave out --kill.`);
    },
  };
}
