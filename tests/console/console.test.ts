/** The console in a real browser, on the whole mesh. Screenshots stay in .wamesh/screenshots. */
import { chromiumPath, launchChromium } from "@wamesh/testing/chromium";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  api,
  cloudTenant,
  connected,
  ledger,
  mesh,
  newTenant,
  reaches,
  sim,
  until,
} from "../mesh/fixture.ts";
import { type Seat, takeSeat } from "./browser.ts";

/** Without one these tests are skipped by name, and a run with skipped tests fails where CI is set. */
const executable = chromiumPath();

/** People of the campaign, and how many leave in a second: long enough to be paused in the middle. */
const people = 60;
const ratePerS = 12;

describe.skipIf(executable === null)("the console in Chromium", () => {
  let browser: Browser;
  const seats: Seat[] = [];
  const seat = async () => {
    const taken = await takeSeat(browser, mesh().origin);
    seats.push(taken);
    return taken;
  };

  beforeAll(async () => {
    browser = await launchChromium(executable!);
  });
  afterAll(() => browser?.close());

  test("a key signs in and stays out of reach of scripts; a wrong one is told why not", async () => {
    const tenant = await newTenant("console-door");
    const { page, context, signIn, open, shoot } = await seat();
    await open("/");
    await page.getByLabel("API key").fill("wam_aaaaaaaaaaaa_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("No valid API key");
    await shoot("sign-in-refused");
    await signIn(tenant.key);
    expect(await page.evaluate("document.cookie")).toBe("");
    expect(await page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")).not.toContain(
      "wam_",
    );
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
    await page.locator(".live[data-open=true]").waitFor();
    await shoot("overview");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    await page.reload();
    await page.getByLabel("API key").waitFor();
  });

  test("a campaign is made, paused in the middle, and runs live to its end; its messages tell every step", async () => {
    const tenant = await cloudTenant("console-campaign", { ratePerS });
    await until("the template to be known", async () => {
      const known = await api<{ items: unknown[] }>("GET", "/v1/templates?state=approved", {
        key: tenant.key,
      });
      return known.items.length > 0 ? true : undefined;
    });
    const { page, signIn, open, shoot } = await seat();
    await signIn(tenant.key);

    await open(`/${tenant.id}/campaigns/new`);
    await page.getByText("Numbers for a test").click();
    await page.getByLabel("How many").fill(String(people));
    await page.getByRole("button", { name: "Make the list" }).click();
    await page.getByLabel("Template").selectOption("welcome en_US");
    await page.getByLabel("Variable {{1}}").selectOption("column name");
    await page.getByLabel("Name of the campaign").fill("Spring offer");
    await page.getByLabel("Leaves from").selectOption(`session:${tenant.session}`);
    await shoot("campaign-new");
    await page.getByRole("button", { name: "Check who gets it" }).click();

    await page.getByRole("button", { name: `Start: ${people} messages` }).waitFor();
    await shoot("campaign-check");
    await page.getByRole("button", { name: `Start: ${people} messages` }).click();

    const state = page.locator(".page-head .chip");
    const sent = page.locator(".figure", { hasText: "Sent" }).locator("dd").first();
    await until("some to be sent on the screen", async () =>
      Number(await sent.innerText()) > 0 ? true : undefined,
    );
    await page.getByRole("button", { name: "Pause" }).click();
    await page.locator('.page-head .chip[data-state="paused"]').waitFor();
    expect(await state.innerText()).toBe("Paused");
    await shoot("campaign-paused");
    expect((await ledger([tenant.sender])).length).toBeLessThan(people);

    await page.getByRole("button", { name: "Resume" }).click();
    await page.locator('.page-head .chip[data-state="completed"]').waitFor();
    await until("all to be delivered on the screen", async () =>
      (await sent.innerText()) === String(people) ? true : undefined,
    );
    expect(await ledger([tenant.sender])).toHaveLength(people);
    await page.locator(".chart canvas").waitFor();
    await shoot("campaign-completed");

    await page.getByRole("link", { name: "Its messages" }).click();
    await page.getByRole("table", { name: "Messages" }).waitFor();
    await shoot("messages");
    const first = page.getByRole("table", { name: "Messages" }).getByRole("link").first();
    const id = (await first.getAttribute("href"))!.split("/").at(-1)!;
    await reaches(tenant, id, ["read"]);
    await first.click();
    await page.locator('.timeline [data-status="read"]').waitFor();
    const steps = await page
      .locator(".timeline li")
      .evaluateAll((all) => all.map((one) => one.getAttribute("data-status")));
    expect(steps).toEqual(expect.arrayContaining(["accepted", "queued", "sent", "delivered", "read"]));
    await shoot("message");
  });

  test("a number is paired: the code is shown until the phone has scanned it", async () => {
    const tenant = await newTenant("console-pairing");
    const pat = `pat-${tenant.id}`;
    await sim("POST", "/_sim/wasender/accounts", { pat });
    const { page, signIn, open, shoot } = await seat();
    await signIn(tenant.key);
    await open(`/${tenant.id}/sessions`);
    await page.getByRole("button", { name: "Connect a number" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Support phone");
    await page.getByLabel("Number", { exact: true }).fill("+1 202 555 0143");
    await page.getByLabel("Personal access token").fill(pat);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("heading", { name: "Support phone" }).waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1)!;
    await connected(tenant.key, id);
    // The phone lets go of it. The simulator's first code is scanned within half a second; this one waits for us.
    const { provider_ref: ref } = await api<{ provider_ref: string }>("GET", `/v1/sessions/${id}`, {
      key: tenant.key,
    });
    await sim("PUT", `/_sim/wasender/sessions/${ref}`, { status: "need_scan" });
    await page.locator('.page-head .chip[data-state="need_scan"]').waitFor();
    await page.getByRole("img", { name: /QR code/ }).waitFor();
    await shoot("pairing");
    await sim("PUT", `/_sim/wasender/sessions/${ref}`, { status: "connected" });
    await page.locator('.page-head .chip[data-state="connected"]').waitFor();
    expect(await page.getByRole("img", { name: /QR code/ }).count()).toBe(0);
  });

  test("a link of another tenant shows nothing of it, not even that it exists", async () => {
    const [mine, theirs] = [await newTenant("console-mine"), await cloudTenant("console-theirs")];
    const { id } = await api<{ id: string }>("POST", "/v1/messages", {
      key: theirs.key,
      body: { to: theirs.person(), template: { name: "welcome", language: "en_US", variables: ["Mara"] } },
    });
    await reaches(theirs, id, ["read"]);
    const { page, signIn, open, shoot } = await seat();
    await signIn(mine.key);
    await open(`/${theirs.id}/messages/${id}`);
    const refusal = await page.locator("main").innerText();
    expect(refusal).toContain("This link is not for this key");
    await shoot("other-tenant");
    await open(`/no-such-tenant/messages/${id}`);
    expect(await page.locator("main").innerText()).toBe(refusal);
    await open(`/${mine.id}/messages/${id}`);
    await page.getByText("Nothing is known of this message here").waitFor();
  });

  test("no page broke the content security policy or threw", () => {
    expect(seats.flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(seats.length).toBeGreaterThan(3);
  });
});
