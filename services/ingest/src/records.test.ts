import { partition } from "@wamesh/events";
import { outboundCommand, outboundMessage } from "@wamesh/testing";
import { expect, test } from "vitest";
import { createRecords } from "./records.ts";

const partitions = 64;
const records = (isLarge: boolean) =>
  createRecords({
    codec: { encode: () => Buffer.alloc(0) } as never,
    partitions: () => partitions,
    isLarge: () => isLarge,
  });

test("a decision goes where its tenant's messages lie", () => {
  const command = outboundCommand({ tenant: "acme" });
  const [only, ...more] = records(false).command(command);
  expect(more).toEqual([]);
  expect(only).toMatchObject({ key: "acme", partition: partition("acme", partitions) });
  expect(only?.headers).toMatchObject({
    tenant: "acme",
    ce_id: command.command_id,
    ce_subject: command.message_id,
  });
});

test("of a large tenant, wherever one of them may lie", () => {
  const asked = new Set(
    records(true)
      .command(outboundCommand({ tenant: "acme" }))
      .map((one) => one.partition),
  );
  for (let account = 0; account < 200; account++) {
    const message = outboundMessage({ tenant: "acme", account: `account ${account}` });
    expect(asked).toContain(records(true).outbound(message).partition);
  }
});
