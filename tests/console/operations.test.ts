/** What operators, agencies and tenants do in the console when something needs them, in a real browser on the whole mesh. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chromiumPath, launchChromium } from "@wamesh/testing/chromium";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  api,
  cloudTenant,
  mesh,
  newTenant,
  reaches,
  sim,
  type TestTenant,
  until,
  writes,
} from "../mesh/fixture.ts";
import { type Seat, takeSeat } from "./browser.ts";

/** Without one these tests are skipped by name, and a run with skipped tests fails where CI is set. */
const executable = chromiumPath();
const template = { name: "welcome", language: "en_US", variables: ["Mara"] };

describe.skipIf(executable === null)("operations in Chromium", () => {
  let browser: Browser;
  let receiver: Server;
  let tenant: TestTenant;
  /** What the tenant's endpoint answers. */
  let answers = 500;
  const seats: Seat[] = [];
  const seat = async (key: string) => {
    const taken = await takeSeat(browser, mesh().origin);
    seats.push(taken);
    await taken.signIn(key);
    return taken;
  };

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(answers).end("as the test says"));
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    [browser, tenant] = await Promise.all([launchChromium(executable!), cloudTenant("console-work")]);
  }, 60_000);
  afterAll(async () => {
    await sim("DELETE", "/_sim/faults");
    receiver?.close();
    receiver?.closeAllConnections();
    await browser?.close();
  });

  test("an endpoint is made, tested, given a new secret; what it refused is seen attempt by attempt, and delivered again", async () => {
    const { page, open, shoot } = await seat(tenant.key);
    await open(`/${tenant.id}/webhooks`);
    await page.getByRole("button", { name: "New endpoint" }).click();
    await page
      .getByLabel("Address")
      .fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`);
    await page.getByLabel("message.delivered", { exact: true }).check();
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Keep this secret" }).waitFor();
    expect(await page.locator("dialog").innerText()).toMatch(/whsec_/);
    await shoot("endpoint-secret");
    await page.getByRole("button", { name: "I have kept it" }).click();
    await page.getByRole("link", { name: /\/hooks/ }).click();

    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByText("It did not take the test").waitFor();
    await page.getByRole("button", { name: "New secret" }).click();
    await page.getByRole("button", { name: "Make a new secret" }).click();
    await page.getByRole("heading", { name: "Keep the new secret" }).waitFor();
    await page.getByRole("button", { name: "I have kept it" }).click();
    await page.getByText("signs too until").waitFor();

    const { id } = await api<{ id: string }>("POST", "/v1/messages", {
      key: tenant.key,
      body: { to: tenant.person(), template },
    });
    await reaches(tenant, id, ["delivered", "read"]);
    await page.locator('table .chip[data-state="waiting"]').waitFor();
    await shoot("endpoint");
    await page.getByRole("link", { name: "message.delivered" }).click();
    await page
      .getByText(/It answered 500/)
      .first()
      .waitFor();
    await shoot("delivery");
    await page.getByRole("link", { name: "← Endpoint" }).click();
    answers = 204;
    await page.getByRole("button", { name: "Deliver again" }).click();
    await page.getByLabel("Which").selectOption("all");
    await page.locator("dialog").getByRole("button", { name: "Deliver again" }).click();
    await page.locator('table .chip[data-state="delivered"]').waitFor();
  });

  test("a doubt is decided: it ends unconfirmed, or leaves again", async () => {
    const to = tenant.person();
    await sim("POST", "/_sim/faults", {
      kind: "http_5xx",
      sent: false,
      count: 1,
      match: { recipient: to },
    });
    const { id } = await api<{ id: string }>("POST", "/v1/messages", {
      key: tenant.key,
      body: { to, template },
    });
    await reaches(tenant, id, ["in_doubt", "unconfirmed"]);
    const { page, open, shoot } = await seat(tenant.key);
    await open(`/${tenant.id}/trouble/doubts`);
    await page.getByLabel(`Choose ${id}`).check();
    await shoot("doubts");
    await page.getByRole("button", { name: "Send again …" }).click();
    await page.locator("dialog").getByRole("button", { name: "Send again" }).click();
    await page.getByText("1 decision taken down.").waitFor();
    await reaches(tenant, id, ["read"]);
    await page.getByText("Nothing is in doubt").waitFor();
  });

  test("a campaign without a number to leave from starts, waits, and says why", async () => {
    const other = await cloudTenant("console-waits");
    await api("PATCH", `/v1/sessions/${other.session}`, { key: other.key, body: { status: "suspended" } });
    const as = { key: other.key };
    const { audience_id } = await api<{ audience_id: string }>("POST", "/v1/audiences", {
      ...as,
      body: { name: "One", recipients: [{ to: other.person() }] },
    });
    const body = { name: "Waits", audience_id, text: { body: "How was it?" }, category: "utility" };
    const made = await api<{ campaign_id: string }>("POST", "/v1/campaigns", { ...as, body });
    await api("POST", `/v1/campaigns/${made.campaign_id}/start`, { ...as, body: {} });
    const { page, open, shoot } = await seat(other.key);
    await open(`/${other.id}/campaigns/${made.campaign_id}`);
    await page.getByText("Its session is not connected").waitFor();
    await shoot("campaign-waits");
  });

  test("a letter that was given up is sent again once its cause is mended", async () => {
    const other = await cloudTenant("console-redrive");
    const { account_ref } = await api<{ account_ref: string }>("GET", `/v1/sessions/${other.session}`, {
      key: other.key,
    });
    await until("its template to be known", async () => {
      const listed = await api<{ items: object[] }>("GET", "/v1/templates", { key: other.key });
      return listed.items.length > 0 ? listed : undefined;
    });
    const waba = {
      waba_id: account_ref,
      app_id: mesh().metaApp.id,
      token: `token-of-${other.id}`,
      numbers: [{ phone_number_id: other.sender, display_phone_number: "+15550009999" }],
    };
    // The account without its template, of which the door has not heard yet.
    await sim("POST", "/_sim/wabas", waba);
    const body = { to: other.person(), template };
    const { id } = await api<{ id: string }>("POST", "/v1/messages", { key: other.key, body });
    await reaches(other, id, ["failed"]);
    await sim("POST", "/_sim/wabas", {
      ...waba,
      templates: [{ name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 }],
    });

    const { page, open, shoot } = await seat(other.key);
    await open(`/${other.id}/trouble`);
    await page.getByRole("button", { name: "Send again …" }).click();
    await page.getByText("1 letter would leave again").waitFor();
    await shoot("redrive");
    await page.locator("dialog").getByRole("button", { name: "Send again" }).click();
    const redrives = page.getByRole("table", { name: "Redrives" });
    await redrives.locator('.chip[data-state="done"]').waitFor();
    // The count before it was no redrive.
    expect(await redrives.locator("tbody tr").count()).toBe(1);
    await shoot("dead-letters");
    const anew = await until("the new message to be read", async () => {
      const { items } = await api<{ items: { id: string; status: string }[] }>("GET", "/v1/status/messages", {
        key: other.key,
      });
      return items.find((one) => one.id !== id && one.status === "read");
    });
    await page.goto(page.url().replace("/trouble", `/messages/${anew.id}`));
    await page.getByRole("link", { name: "an earlier message" }).click();
    await page.waitForURL(`**/messages/${id}`);
  });

  test("a person who wrote STOP is found with what they wrote, and allowed again on proof; the audit trail says by whom", async () => {
    const person = tenant.person();
    await writes(tenant, person, "STOP");
    const { page, open, shoot } = await seat(tenant.key);
    await open(`/${tenant.id}/inbound`);
    await page.getByRole("table", { name: "Written by people" }).getByRole("link").first().click();
    await page.locator('.chip[data-state="stopped"]').waitFor();
    await shoot("contact");
    await page.getByRole("button", { name: "Allow messages …" }).click();
    await page.getByLabel("Proof").fill("form-4711");
    await page.locator("dialog").getByRole("button", { name: "Allow messages" }).click();
    await page.locator('.chip[data-state="allowed"]').waitFor();
    await open(`/${tenant.id}/audit`);
    const trail = page.getByRole("table", { name: "Audit trail" });
    await trail.getByText("form-4711").waitFor();
    expect(await trail.innerText()).toContain(tenant.key.split("_")[1]!);
    await shoot("audit");
  });

  test("a rule is tried with a sample, paused and restored to an earlier version, and edited", async () => {
    const definition = (body: string) => ({
      name: "Welcome",
      event_type: "user_onboarded",
      message: {
        to: { path: "data.phone" },
        text: { body, variables: { name: { path: "data.first_name" } } },
      },
    });
    const { id } = await api<{ id: string }>("POST", "/v1/rules", {
      key: tenant.key,
      body: definition("Hello {{name}}"),
    });
    await api("PUT", `/v1/rules/${id}`, { key: tenant.key, body: definition("Good day {{name}}") });
    const { page, open, shoot } = await seat(tenant.key);
    await open(`/${tenant.id}/rules`);
    await page.getByRole("link", { name: "Welcome" }).click();
    await page.getByRole("button", { name: "Try this event" }).click();
    await page.getByText("Good day Mara").waitFor();
    await shoot("rule");
    await page.getByRole("button", { name: "Look, restore …" }).click();
    await page.getByRole("button", { name: "Restore it" }).click();
    await page.getByText("version 3").waitFor();
    await page.getByRole("button", { name: "Try this event" }).click();
    await page.getByText("Hello Mara").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.locator('.page-head .chip[data-state="paused"]').waitFor();

    await page.getByRole("button", { name: "Edit …" }).click();
    const text = page.getByLabel("Definition");
    await text.fill((await text.inputValue()).replace("Hello {{name}}", "Welcome {{nobody}}"));
    await page.getByRole("button", { name: "Save as a new version" }).click();
    await page.locator("dialog").getByRole("alert").waitFor();
    expect(await page.locator("dialog").getByRole("alert").innerText()).toContain("nobody");
    await text.fill((await text.inputValue()).replace("Welcome {{nobody}}", "Welcome {{name}}"));
    await page.getByRole("button", { name: "Save as a new version" }).click();
    await page.getByText("version 4").waitFor();
  });

  test("a key is made with narrow rights, shows only what it may, and is revoked", async () => {
    const { page, open, shoot } = await seat(tenant.key);
    await open(`/${tenant.id}/keys`);
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Label").fill("Support desk");
    await page.getByLabel("What happened").selectOption("read");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Keep this key" }).waitFor();
    const key = /wam_[a-z0-9]+_[A-Za-z0-9_-]+/.exec(await page.locator("dialog").innerText())![0];
    await page.getByRole("button", { name: "I have kept it" }).click();
    await page.getByRole("table", { name: "Keys" }).getByText("Support desk").waitFor();
    await shoot("keys");
    const narrow = await until("the new key to be known", async () => {
      const found = await fetch(`${mesh().origin}/v1/status/overview`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return found.ok ? await seat(key) : undefined;
    });
    const areas = await narrow.page.getByRole("navigation", { name: "Areas" }).innerText();
    expect(areas).toContain("Messages");
    expect(areas).not.toMatch(/API keys|Webhooks|Contacts/);
    await page
      .getByRole("row", { name: /Support desk/ })
      .getByRole("button", { name: "Revoke" })
      .click();
    await page.getByRole("button", { name: "Revoke the key" }).click();
    await page
      .getByRole("row", { name: /Support desk/ })
      .getByText("Revoked")
      .waitFor();
  });

  test("an agency sees its tenants and gives them its brand", async () => {
    const agency = await newTenant("console-agency", { is_agency: true });
    const child = await newTenant("console-child", { parent: agency.id });
    const { page, open, shoot } = await seat(agency.key);
    await open(`/${agency.id}/tenants`);
    await page.getByRole("table", { name: "Tenants" }).getByText("console-child").waitFor();
    await page.getByRole("button", { name: "Brand of console-agency" }).click();
    await page.getByLabel("Name", { exact: true }).fill("North & Sons");
    await page.getByLabel("Colour").fill("#8a2be2");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved; it shows in a moment.").waitFor();
    await shoot("tenants");
    const below = await seat(child.key);
    await until("the brand to be shown below", async () => {
      await below.page.reload();
      await below.page.waitForSelector("h1");
      return (await below.page.locator(".side .brand").innerText()).includes("North & Sons")
        ? true
        : undefined;
    });
    await open(`/${agency.id}/plan`);
    await page.getByText("Messages waiting").waitFor();
  });

  test("the operator sees dead letters of no known tenant", async () => {
    const { page, open } = await seat(mesh().operatorKey);
    const own = new URL(page.url()).pathname.split("/")[2]!;
    await open(`/${own}/trouble`);
    await page.getByRole("link", { name: "Of no known tenant" }).click();
    await page
      .getByText(/No dead letters|By reason/)
      .first()
      .waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  test("no page broke the content security policy or threw", () => {
    expect(seats.flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(seats.length).toBeGreaterThan(6);
  });
});
