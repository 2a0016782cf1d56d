import { defineConfig } from "vite";

/** Where a mesh or the stand-in of dev/ listens, for `vite` alone; a build needs none. */
const mesh = process.env.WAMESH_ORIGIN ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2023",
    // The policy allows no data: scripts or styles, and what is inlined can't be cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { host: "127.0.0.1", proxy: { "/v1": mesh, "/console/api": mesh } },
});
