import type { Acl } from "@wamesh/kafka";
import { describe, expect, test } from "vitest";
import {
  defaultPrincipals,
  kafkaAclsCommand,
  type Principal,
  planAcls,
  principalsOf,
  wantedAcls,
} from "./acl-plan.ts";

const crm: Principal = { role: "core-application", user: "crm" };
const acl = (over: Partial<Acl>): Acl => ({
  principal: "User:wamesh-ingest",
  resource: "topic",
  name: "wa.dead.v1",
  pattern: "literal",
  operation: "Read",
  ...over,
});
const managed = defaultPrincipals.filter(({ role }) => role !== "deploy");

describe("ACLs", () => {
  test("of the dispatcher let it read numbers to write to, and write no domain event", () => {
    const of = wantedAcls([{ role: "dispatcher", user: "d" }]);
    const can = (operation: string) =>
      of.filter((one) => one.operation === operation && one.resource === "topic").map(({ name }) => name);
    expect(can("Read")).toContain("wa.outbound.otp.v1");
    expect(can("Read")).not.toContain("wa.domain.event.v1");
    expect(can("Write")).toEqual([
      "wa.message.status.v1",
      "wa.session.event.v1",
      "wa.dispatch.state.v1",
      "wa.dead.v1",
    ]);
    expect(of.every(({ principal }) => principal === "User:d")).toBe(true);
  });

  test("of a core application are one topic each way and groups of its own name", () => {
    expect(
      wantedAcls([crm]).map(({ operation, name, pattern }) => `${operation} ${pattern} ${name}`),
    ).toEqual([
      "Read literal wa.message.inbound.v1",
      "Write literal wa.domain.event.v1",
      "Read prefixed crm-",
    ]);
  });

  test("a data team reads, and writes nothing", () => {
    const of = wantedAcls([{ role: "data-team", user: "lake" }]);
    expect(of.length).toBeGreaterThan(1);
    expect(of.filter(({ operation }) => operation !== "Read")).toEqual([]);
  });

  test("are made once: a second plan has nothing to do", () => {
    const principals = [...defaultPrincipals, crm];
    const { create, remove } = planAcls(principals, []);
    expect(create.length).toBeGreaterThan(50);
    expect(remove).toEqual([]);
    expect(planAcls(principals, create)).toEqual({ create: [], remove: [] });
  });

  const stale: [string, Acl, boolean][] = [
    ["of a service, on anything", acl({ name: "orders" }), true],
    ["of a service, more than it needs", acl({ operation: "All" }), true],
    ["of a service, by prefix", acl({ name: "wa.", pattern: "prefixed" }), true],
    ["of a neighbour, on our topics", acl({ principal: "User:crm" }), true],
    ["of a neighbour, on topics of its own", acl({ principal: "User:crm", name: "orders" }), false],
    ["of somebody nobody named", acl({ principal: "User:eve" }), false],
    [
      "of whoever deploys",
      acl({ principal: "User:wamesh-deploy", resource: "cluster", name: "kafka-cluster", operation: "All" }),
      false,
    ],
  ];
  test.each(stale)("that are stale go: %s", (_what, one, goes) => {
    const principals = [...defaultPrincipals, crm];
    const right = planAcls(principals, []).create;
    expect(planAcls(principals, [...right, one])).toEqual({ create: [], remove: goes ? [one] : [] });
  });

  test("a user with the role none loses our topics", () => {
    const had = wantedAcls([crm]);
    expect(planAcls([...managed, { role: "none", user: "crm" }], had).remove).toEqual(had);
  });

  test("are printed as the commands of Kafka's own tool", () => {
    expect(kafkaAclsCommand(acl({}))).toContain(
      "--add --allow-principal 'User:wamesh-ingest' --operation Read --topic 'wa.dead.v1'",
    );
    expect(kafkaAclsCommand(acl({ resource: "group", name: "crm-", pattern: "prefixed" }))).toMatch(
      /--group 'crm-' --resource-pattern-type prefixed$/,
    );
    expect(kafkaAclsCommand(acl({ resource: "cluster", name: "kafka-cluster" }))).toMatch(/ --cluster$/);
  });
});

describe("users", () => {
  test("have the name of their role unless another is given", () => {
    expect(principalsOf(["ingest=door", "core-application=crm", "core-application=shop"])).toEqual([
      ...defaultPrincipals.filter(({ role }) => role !== "ingest"),
      { role: "ingest", user: "door" },
      crm,
      { role: "core-application", user: "shop" },
    ]);
  });

  test.each(["crm", "boss=crm", "core-application=", "core-application=*", "ingest=User:a"])(
    "%s is refused",
    (said) => {
      expect(principalsOf([said])).toHaveProperty("problem");
    },
  );
});
