/** Consumer groups set back to the beginning: everything is read a second time. */

import { type Topic, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import type { ServiceName } from "@wamesh/local";
import { until } from "@wamesh/testing/until";
import { type Fault, terminate } from "./field.ts";

const lanes = [topics.outboundOtp, topics.outboundStandard, topics.outboundBulk];

function reset(kind: string, service: ServiceName, groups: Record<string, readonly Topic<unknown>[]>): Fault {
  return {
    kind,
    about: `the ${service} reads ${Object.keys(groups).join(", ")} again from the beginning`,
    async strike(field) {
      const members = field.mesh.instances[service];
      field.say(`${Object.keys(groups).join(", ")}: back to the beginning`);
      field.stopped();
      await Promise.all(members.map((one) => terminate(field, one)));
      const kafka = openKafka({ brokers: field.mesh.stack.kafkaBrokers, clientId: "drill", log: () => {} });
      const admin = await kafka.admin();
      try {
        for (const [group, read] of Object.entries(groups))
          await until(
            async () => {
              // Refused while the broker still counts a member.
              await admin.resetOffsets(
                group,
                read.map(({ name }) => name),
              );
              return true;
            },
            { withinMs: 15_000, everyMs: 250, what: `an empty group ${group}` },
          );
      } finally {
        await admin.close();
        await Promise.all(members.map((one) => one.start()));
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
