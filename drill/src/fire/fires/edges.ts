import { setTimeout as delay } from "node:timers/promises";
import { askSimulator } from "@wamesh/testing/outside";
import type { Fire } from "../fire.ts";
import { behave, standStill } from "../moves.ts";

export const edges: readonly Fire[] = [
  {
    name: "forged-callbacks",
    cause: "40 callbacks with a wrong signature",
    alerts: ["WameshCallbacksRefused ticket"],
    async light({ mesh }) {
      for (let i = 0; i < 40; i++)
        await fetch(`${mesh.origin}/callbacks/cloud-api/${mesh.metaApp.id}`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${"0".repeat(64)}` },
          body: "{}",
        });
      return async () => {};
    },
  },
  {
    name: "stray-number",
    cause: "a person writes to a number of our app that no tenant has",
    alerts: ["WameshQuarantine ticket"],
    async light({ mesh }) {
      const number = "301000000000199";
      await askSimulator(mesh.simulator, "POST", "/_sim/wabas", {
        waba_id: "201000000000199",
        app_id: mesh.metaApp.id,
        token: "nobody's",
        numbers: [{ phone_number_id: number, display_phone_number: "+15559990199", rate_per_s: 10 }],
        templates: [],
      });
      for (let i = 0; i < 10; i++) {
        await askSimulator(mesh.simulator, "POST", "/_sim/inbound", {
          provider: "cloud_api",
          phone_number_id: number,
          from: "+15550001111",
          text: `Hello ${i}`,
        });
        await delay(1500);
      }
      return async () => {};
    },
  },
  {
    name: "slow-projector",
    cause: "the status-projector stands still for 30 s (SIGSTOP, SIGCONT)",
    alerts: ["WameshReceiptsLate page"],
    light: standStill("status-projector", 30_000),
  },
  {
    // Before the one that fails: deliveries that wait to be tried again are late too.
    name: "endpoint-hangs",
    cause: "tenants' endpoint takes connections and never answers, so that deliveries pile up",
    alerts: ["WameshWebhooksLate page"],
    softened: [{ alert: "WameshWebhooksLate", from: "> 300", to: "> 10" }],
    light: behave("hangs"),
  },
  {
    name: "endpoint-fails",
    cause: "tenants' endpoint answers with 500",
    alerts: ["WameshWebhookFailures ticket"],
    light: behave("fails"),
  },
  {
    name: "tenant",
    cause:
      "a tenant's number is barred, and 25 messages with a second to live expire; afterwards 300 are sent",
    alerts: ["WameshTenantSuccessDrop ticket"],
    async light({ scene }) {
      const { id } = scene.east.sessions[0] as { id: string };
      const pause = (status: string) => scene.east.api.call("PATCH", `/v1/sessions/${id}`, { status });
      await pause("suspended");
      await delay(2000);
      await scene.send(scene.east, "standard", 25, { ttl_s: 1 });
      return async () => {
        await pause("connecting");
        await scene.send(scene.east, "standard", 300);
      };
    },
  },
];
