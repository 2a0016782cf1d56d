/** Chromium of the machine: of the distribution's packages, or wherever WAMESH_CHROMIUM says. */
import { existsSync } from "node:fs";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** null where there is none: the tests are skipped by name then, and a run with skipped tests fails where CI is set. */
export function chromiumPath(): string | null {
  const named = process.env.WAMESH_CHROMIUM;
  if (named) return named;
  return places.find((place) => existsSync(place)) ?? null;
}
