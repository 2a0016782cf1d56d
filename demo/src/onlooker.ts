/** Somebody who looks at the campaign in the console while it runs: Chromium, signed in as the tenant, with the page open to the end. */
import { makeYield } from "@wamesh/local";
import { chromiumPath, launchChromiumProcess } from "@wamesh/testing/chromium";
import type { Page } from "playwright-core";

export type Onlooker = {
  /** Goes to the campaign's page once it is known, and takes the picture when half of it has been sent. */
  look(campaign: string | null, sent: number): Promise<void>;
  /** How often the figures on the page changed. */
  leave(): Promise<{ changes: number }>;
};

export type OnlookerOptions = {
  origin: string;
  /** The API key to sign in with. */
  key: string;
  tenant: string;
  /** Messages of the campaign. */
  total: number;
  /** Where the picture goes (PNG). */
  picture: string;
};

const size = { width: 1280, height: 900 };

/** Throws where there is no Chromium, with the remedy. */
export function chromiumOrThrow(): string {
  const path = chromiumPath();
  if (path === null)
    throw new Error(
      "--console needs Chromium: install it (Debian: apt-get install chromium), or name it in WAMESH_CHROMIUM.",
    );
  return path;
}

export async function openOnlooker(options: OnlookerOptions): Promise<Onlooker> {
  const { browser, pid, close } = await launchChromiumProcess(chromiumOrThrow());
  // People look from machines of their own.
  if (pid !== undefined) makeYield(pid);
  const page = await browser.newPage({ viewport: size });
  await page.goto(`${options.origin}/console/`);
  await page.getByLabel("API key").fill(options.key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  let isThere = false;
  let isTaken = false;
  let figures = "";
  let changes = 0;
  return {
    async look(campaign, sent) {
      if (campaign === null) return;
      if (!isThere) {
        await page.goto(`${options.origin}/console/${options.tenant}/campaigns/${campaign}`);
        await page.locator(".figure").first().waitFor();
        isThere = true;
      }
      const now = await figuresOf(page);
      if (now !== figures) changes++;
      figures = now;
      if (!isTaken && sent >= options.total / 2) {
        await page.screenshot({ path: options.picture });
        isTaken = true;
      }
    },
    async leave() {
      await close();
      return { changes };
    },
  };
}

async function figuresOf(page: Page): Promise<string> {
  return (await page.locator(".figure dd").allInnerTexts()).join(" ");
}
