/** Consumer groups set back to the beginning: everything is read a second time. */

import { type Topic, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import type { ServiceName } from "@wamesh/local";
import { until } from "@wamesh/testing/until";
import { type Fault, startAgain, terminate } from "./field.ts";

const lanes = [topics.outboundOtp, topics.outboundStandard, topics.outboundBulk];

function reset(kind: string, service: ServiceName, groups: Record<string, readonly Topic<unknown>[]>): Fault {
  return {
    kind,
    about: `the ${service} reads ${Object.keys(groups).join(", ")} again from the beginning`,
    async strike(field) {
      const members = field.mesh.instances[service];
      field.say(`${Object.keys(groups).join(", ")}: back to the beginning`);
      await Promise.all(members.map((one) => terminate(field, one)));
      const kafka = openKafka({ brokers: field.mesh.stack.kafkaBrokers, clientId: "drill", log: () => {} });
      const rewind = async () => {
        const admin = await kafka.admin();
        try {
          for (const [group, read] of Object.entries(groups)) {
            const names = read.map(({ name }) => name);
            await admin.resetOffsets(group, names);
          }
          return true;
        } finally {
          await admin.close();
        }
      };
      try {
        // Refused while the broker still counts a member.
        await until(rewind, { withinMs: 30_000, everyMs: 250, what: "empty groups" });
      } finally {
        // How long it took to set the groups back says nothing about the services.
        field.stopped();
        await Promise.all(members.map((one) => startAgain(field, one)));
      }
    },
  };
}

export const groupFaults: readonly Fault[] = [
  reset("rewind_dispatcher", "dispatcher", { "wamesh-dispatcher": lanes }),
  reset("rewind_echo", "dispatcher", { "wamesh-dispatcher-echo": [topics.messageStatus] }),
  reset("rewind_webhook_router", "webhook-router", {
    "wamesh-router-callbacks": [topics.providerCallback],
    "wamesh-router-references": [topics.messageStatus],
    "wamesh-router-deliveries": [topics.messageStatus],
  }),
  reset("rewind_status_projector", "status-projector", {
    "wamesh-projector-messages": [...lanes, topics.messageStatus],
  }),
];
