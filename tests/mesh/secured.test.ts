/**
 * A mesh of its own with TLS, users and ACLs on every connection: it works, and nobody can do more than the catalogue says. The
 * brokers are real ones with SASL_SSL and the KRaft authorizer; Redis and the registry stand behind a TLS door of deploy/local.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { topics } from "@wamesh/events";
import { type Kafka, type KafkaOptions, openKafka } from "@wamesh/kafka";
import { type Mesh, type StackSecurity, serviceNames, startMesh } from "@wamesh/local";
import { connect } from "@wamesh/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultPrincipals, type Principal } from "../../deploy/acl-plan.ts";
import { ensureAcls } from "../../deploy/acls.ts";
import { http, until } from "./fixture.ts";

const neighbours: readonly Principal[] = [
  { role: "core-application", user: "crm" },
  { role: "data-team", user: "lake" },
];
const dataDir = fileURLToPath(new URL(`../../.wamesh/secured-${process.pid}`, import.meta.url));
let mesh: Mesh;
let security: StackSecurity;

beforeAll(async () => {
  mesh = await startMesh({
    dataDir,
    log: () => {},
    profile: "instant",
    secured: { principals: neighbours },
  });
  security = mesh.stack.security!;
}, 180_000);
afterAll(async () => {
  await mesh?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Sasl = NonNullable<KafkaOptions["sasl"]>;

function kafkaAs(sasl: Sasl, over: Partial<KafkaOptions> = {}): Kafka {
  const { ca } = security;
  const brokers = mesh.stack.kafkaBrokers;
  return openKafka({ brokers, clientId: "test", ssl: { ca }, sasl, log: () => {}, ...over });
}

function kafkaOf(user: string): Kafka {
  return kafkaAs({ mechanism: "scram-sha-512", username: user, password: security.kafkaPasswords[user]! });
}

const asAdmin = () => kafkaAs({ mechanism: "plain", ...security.kafkaAdmin });

/** What a promise was rejected with, causes included; "" when it was not. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "";
  } catch (error) {
    const words: string[] = [];
    for (let at = error; at instanceof Error; at = at.cause)
      words.push(`${at.message} ${(at as { type?: string; code?: string }).type ?? ""}`);
    return words.join("; ");
  }
}

describe("a secured mesh", () => {
  it("lets each service see whether a former life of its own is in its groups", () => {
    for (const name of serviceNames) {
      const log = readFileSync(join(dataDir, "logs", `${name}.log`), "utf8");
      expect(log).toContain("partitions assigned");
      expect(log).not.toContain("not known whether a former life");
    }
  });

  it("takes a message to its receipt", async () => {
    const call = async (
      path: string,
      body: unknown,
      headers: Record<string, string> = {},
      key = mesh.operatorKey,
    ) => {
      const url = path.startsWith("/_sim") ? mesh.simulator + path : mesh.origin + path;
      return until(`POST ${path} to be taken`, async () => {
        const answer = await http("POST", url, { key, headers, body });
        return answer.status < 300 ? (answer.body as Record<string, string>) : undefined;
      });
    };
    const sender = "300000000000001";
    const token = "token-of-acme";
    await call("/v1/tenants", { id: "acme", name: "Acme" });
    const { key } = await call("/v1/keys", { label: "test" }, { "wamesh-tenant": "acme" });
    await call("/_sim/wabas", {
      waba_id: "200000000000001",
      app_id: mesh.metaApp.id,
      token,
      numbers: [{ phone_number_id: sender, display_phone_number: "+15550000001", rate_per_s: 80 }],
      templates: [{ name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 }],
    });
    const cloud = { waba_id: "200000000000001", phone_number_id: sender, access_token: token };
    const session = { name: "main", provider: "cloud_api", rate_per_s: 80, cloud_api: cloud };
    await call("/v1/sessions", session, {}, key!);
    const template = { name: "welcome", language: "en_US", variables: ["Mara"] };
    const { id } = await call("/v1/messages", { to: "+15551230001", template }, {}, key!);
    await until("the receipt", async () => {
      const { body } = await http("GET", `${mesh.origin}/v1/status/messages/${id}`, { key: key! });
      return body.status === "read" ? body : undefined;
    });
  });

  const everybody = [...defaultPrincipals.filter(({ role }) => role !== "deploy")];
  it.each(everybody)("lets $user do what $role does, and no less", async ({ role, user }) => {
    await kafkaOf(user).checkAccess(role as "ingest");
  });

  it.each<[user: string, does: "reads" | "writes", topic: string, may: boolean]>([
    ["wamesh-dispatcher", "reads", topics.domainEvent.name, false],
    ["wamesh-dispatcher", "writes", topics.tenantConfig.name, false],
    ["wamesh-webhook-router-receiver", "reads", topics.outboundOtp.name, false],
    ["crm", "writes", topics.domainEvent.name, true],
    ["crm", "writes", topics.outboundOtp.name, false],
    ["crm", "reads", topics.messageInbound.name, true],
    ["crm", "reads", topics.messageStatus.name, false],
    ["lake", "reads", topics.messageStatus.name, true],
    ["lake", "writes", topics.messageStatus.name, false],
    ["lake", "reads", topics.sessionState.name, false],
  ])("%s %s %s: %s", async (user, does, topic, may) => {
    const kafka = kafkaOf(user);
    if (does === "writes") {
      const producer = kafka.producer({ deadlineMs: 5_000 });
      // No Avro: where it is taken it ends in wa.dead.
      const record = { topic, partition: 0, key: "nobody", value: Buffer.from("{}"), headers: {} };
      expect((await refusal(producer.send([record]))) === "").toBe(may);
      await producer.close();
      return;
    }
    const admin = await kafka.admin();
    const said = await refusal(admin.offsets(topic));
    await admin.close();
    expect(said).toMatch(may ? /^$/ : /TOPIC_AUTHORIZATION_FAILED/);
  });

  it("lets nobody join another's consumer group, or set it back", async () => {
    const admin = await kafkaOf("lake").admin();
    expect(await refusal(admin.committed("lake-warehouse", topics.messageStatus.name))).toBe("");
    expect(await refusal(admin.committed("wamesh-dispatcher", topics.messageStatus.name))).not.toBe("");
    expect(await refusal(admin.resetOffsets("wamesh-dispatcher", [topics.messageStatus.name]))).not.toBe("");
    await admin.close();
  });

  it("refuses who is unknown, who has the wrong authority and who speaks in the clear", async () => {
    const eve: Sasl = { mechanism: "scram-sha-512", username: "eve", password: "guess" };
    expect(await refusal(kafkaAs(eve).checkAccess("ingest"))).toMatch(
      /does not know user eve.*SASL_PASSWORD/s,
    );
    expect(await refusal(kafkaAs(eve, { ssl: true }).admin())).toMatch(/certificate/);
    const inTheClear = openKafka({ brokers: mesh.stack.kafkaBrokers, clientId: "test", log: () => {} });
    expect(await refusal(inTheClear.admin())).not.toBe("");

    const registry = `${mesh.stack.registryUrl}/subjects`;
    expect(await refusal(fetch(registry.replace("https", "http")))).not.toBe("");
    expect(await refusal(fetch(registry))).not.toBe("");

    const postgres = async (url: string, ca?: string) => {
      const options = { schema: "ingest", max: 1, applicationName: "test" };
      const sql = connect({ url, ...options, ...(ca !== undefined && { ca }) });
      const said = await refusal(sql`select 1`.then());
      await sql.end({ timeout: 1 });
      return said;
    };
    const { postgresUrl } = mesh.stack;
    expect(await postgres(postgresUrl, security.ca)).toBe("");
    expect(await postgres(postgresUrl)).toMatch(/certificate/);
    expect(await postgres(postgresUrl.replace("verify-full", "disable"))).toMatch(/no encryption/);
  });

  it("does not start a service with an ACL too few, says which, and starts it once deployed again", async () => {
    const lost = {
      principal: "User:wamesh-dispatcher",
      resource: "topic",
      name: topics.outboundBulk.name,
      pattern: "literal",
      operation: "Read",
    } as const;
    const stale = { ...lost, name: "orders", operation: "Write" };
    const kafka = asAdmin();
    const admin = await kafka.admin();
    await admin.deleteAcls([lost]);
    await admin.createAcls([stale]);
    await mesh.services.dispatcher.stop();
    const said = await refusal(mesh.services.dispatcher.start());
    expect(said).toContain("Read topic wa.outbound.bulk.v1");
    expect(said).toContain("npm run deploy");

    const lines: string[] = [];
    const principals = [...defaultPrincipals, ...neighbours];
    for (let time = 0; time < 2; time++)
      await ensureAcls({ kafka, principals, log: (line) => lines.push(line) });
    expect(lines).toEqual(["1 ACLs made, 1 stale ones removed", "0 ACLs made, 0 stale ones removed"]);
    await admin.close();
    await mesh.services.dispatcher.start();
  });
});
