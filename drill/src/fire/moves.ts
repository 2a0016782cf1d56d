/** What several fires do. */
import { setTimeout as delay } from "node:timers/promises";
import type { ServerName, ServiceName } from "@wamesh/local";
import { askSimulator } from "@wamesh/testing/outside";
import { until } from "@wamesh/testing/until";
import type { Fire, Ground } from "./fire.ts";
import type { Scene, Tenant } from "./scene.ts";

type Light = Fire["light"];

/** Until the end of the fire. */
export const away =
  (server: ServerName): Light =>
  async ({ mesh }) => {
    await mesh.stack.server(server).stop();
    return async () => {
      await until(
        async () => {
          await mesh.stack.server(server).start();
          return true;
        },
        { withinMs: 60_000, everyMs: 500, what: `the start of ${server}` },
      );
      // What ended itself for want of the server is started again, as a supervisor would.
      for (const one of Object.values(mesh.instances).flat()) if (one.pid() === undefined) await one.start();
    };
  };

/** A fault of the simulator's own table. */
export const provider =
  (...kinds: readonly Record<string, unknown>[]): Light =>
  async ({ mesh }) => {
    const ids: number[] = [];
    for (const fault of kinds)
      ids.push((await askSimulator<{ id: number }>(mesh.simulator, "POST", "/_sim/faults", fault)).id);
    return async () => {
      for (const id of ids) await askSimulator(mesh.simulator, "DELETE", `/_sim/faults/${id}`);
    };
  };

/** So many of the west's sessions are logged out on their phones. */
export const whatsapp =
  (count: number): Light =>
  async ({ mesh, scene }) => {
    const set = async (status: string) => {
      for (const { sender } of scene.west.sessions.slice(0, count))
        await askSimulator(mesh.simulator, "PUT", `/_sim/wasender/sessions/${sender}`, { status });
    };
    await set("logged_out");
    return () => set("connected");
  };

/** All at once through one session; over when they have left. */
export const burst =
  (tenant: (scene: Scene) => Tenant, lane: "otp" | "standard", count: number): Light =>
  async ({ scene }) => {
    const { id } = tenant(scene).sessions[0] as { id: string };
    await scene.send(tenant(scene), lane, count, { session_id: id });
    return async () => {};
  };

/** The endpoint of all tenants. */
export const behave =
  (manners: "fails" | "hangs"): Light =>
  async ({ scene }) => {
    scene.endpoint.behave(manners);
    return async () => scene.endpoint.behave("answers");
  };

/** SIGSTOP, SIGCONT: over when it goes on. */
export const standStill =
  (service: ServiceName, ms: number, times = 1): Light =>
  async ({ mesh }) => {
    for (let i = 0; i < times; i++) {
      const pid = mesh.services[service].pid() as number;
      process.kill(pid, "SIGSTOP");
      await delay(ms);
      process.kill(pid, "SIGCONT");
      if (i < times - 1) await delay(3000);
    }
    return async () => {};
  };

/** To a number of the north, ten times a second, until it is told to end. */
export function peopleWrite({ mesh, scene }: Ground): () => Promise<void> {
  const { sender } = scene.north.sessions[0] as { sender: string };
  let open = true;
  const writing = (async () => {
    for (let i = 0; open; i++) {
      await askSimulator(mesh.simulator, "POST", "/_sim/inbound", {
        provider: "cloud_api",
        phone_number_id: sender,
        from: `+1555000${String(2000 + (i % 50))}`,
        text: `Hello ${i}`,
        // One more or less changes nothing.
      }).catch(() => {});
      await delay(100);
    }
  })();
  return () => {
    open = false;
    return writing;
  };
}
