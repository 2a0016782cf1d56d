/** The tenants' own check of what comes to their endpoints: the client's. */
import { readWebhook } from "@wamesh/client";
import type { Verify } from "@wamesh/testing/outside";

export const verify: Verify = (secrets, headers, body) => {
  const read = readWebhook(secrets, headers, body);
  return read.kind === "event" ? read.event : null;
};
