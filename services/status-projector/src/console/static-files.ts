/** The console's files, as Vite built them: read from the folder when asked for, kept compressed in memory while they don't change. */
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { consoleHeaders } from "./headers.ts";

export type StaticFiles = (path: string, acceptsGzip: boolean) => Promise<Response>;

type Kept = { mtimeMs: number; bytes: Buffer; zipped: Buffer };

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

const compress = promisify(gzip);

/** `path`: below /console/. What is no file is the app's to answer for; a file that should be among the assets is a 404. */
export function createStaticFiles(folder: string): StaticFiles {
  const kept = new Map<string, Kept>();

  async function fileOf(path: string): Promise<Kept | null> {
    const file = join(folder, path);
    // normalize() has taken the dots out; what still leads outside is nobody's file.
    if (!file.startsWith(join(folder, sep)) || types[extname(file)] === undefined) return null;
    try {
      const { mtimeMs } = await stat(file);
      const known = kept.get(file);
      if (known?.mtimeMs === mtimeMs) return known;
      const bytes = await readFile(file);
      const found = {
        mtimeMs,
        bytes,
        zipped: await compress(bytes, { level: constants.Z_BEST_COMPRESSION }),
      };
      kept.set(file, found);
      return found;
    } catch {
      return null;
    }
  }

  return async (asked, acceptsGzip) => {
    const path = normalize(`/${asked}`).slice(1);
    const isAsset = path.startsWith(`assets${sep}`);
    const file = await fileOf(path);
    if (file !== null) return answer(file, path, isAsset, acceptsGzip);
    if (isAsset) return plain(404, "There is no such file.");
    const index = await fileOf("index.html");
    if (index !== null) return answer(index, "index.html", false, acceptsGzip);
    return plain(
      503,
      "The console is not built yet: run `npm start`, or `vite build console`, and load this page again.",
    );
  };
}

function answer(file: Kept, path: string, isAsset: boolean, acceptsGzip: boolean): Response {
  const body = acceptsGzip ? file.zipped : file.bytes;
  return new Response(new Uint8Array(body), {
    headers: {
      ...consoleHeaders,
      "content-type": types[extname(path)]!,
      // Vite names assets by their content; everything else may be another tomorrow.
      "cache-control": isAsset ? "public, max-age=31536000, immutable" : "no-cache",
      vary: "accept-encoding",
      ...(acceptsGzip && { "content-encoding": "gzip" }),
    },
  });
}

function plain(status: number, text: string): Response {
  const headers = {
    ...consoleHeaders,
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
  };
  return new Response(`${text}\n`, { status, headers });
}
