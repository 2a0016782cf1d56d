/** A browser with the console in it, and a witness of what its pages complain about. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";

/** Kept after the run: what the pages looked like. */
const shots = fileURLToPath(new URL("../../.wamesh/screenshots", import.meta.url));

/** Longer than any wait of these tests should take on a busy machine. */
const patienceMs = 30_000;

export type Seat = {
  page: Page;
  context: BrowserContext;
  /** What the browser refused by the policy, and what scripts threw. */
  complaints: string[];
  /** Signs in and waits for the overview. */
  signIn(key: string): Promise<void>;
  open(path: string): Promise<void>;
  shoot(name: string): Promise<void>;
};

/** One person at one screen, signed in nowhere. */
export async function takeSeat(browser: Browser, origin: string): Promise<Seat> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  const open = async (path: string) => {
    await page.goto(`${origin}/console${path}`);
    await page.waitForSelector("h1");
  };
  return {
    page,
    context,
    complaints,
    open,
    async signIn(key) {
      await open("/");
      await page.getByLabel("API key").fill(key);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Overview" }).waitFor();
    },
    async shoot(name) {
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
    },
  };
}
