/** Chromium of the machine: of the distribution's packages, or wherever WAMESH_CHROMIUM says. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** null where there is none. */
export function chromiumPath(): string | null {
  const named = process.env.WAMESH_CHROMIUM;
  if (named) return named;
  return places.find((place) => existsSync(place)) ?? null;
}

// Chromium's sandbox needs a user other than root; these pages are our own.
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args });
}

/** The same, with what it takes to know the process. */
export async function launchChromiumProcess(
  executablePath: string,
): Promise<{ browser: Browser; pid: number | undefined; close(): Promise<void> }> {
  const server = await chromium.launchServer({ executablePath, args });
  const browser = await chromium.connect(server.wsEndpoint());
  return { browser, pid: server.process().pid, close: () => server.close() };
}
