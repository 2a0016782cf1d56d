/** Settings that several services have in common; each service spreads those it needs into its own object. */
import { address, flag, integer, keyRing, oneOf, optionalText, secretRing, share, textOr } from "./fields.ts";

export const httpSettings = {
  httpHost: textOr("127.0.0.1", { about: "address that API and probes listen on; 0.0.0.0 in a container" }),
  httpPort: integer({ min: 0, max: 65_535, fallback: 0, about: "port of the API; 0 takes a free one" }),
};

/** Of every process; `runService` adds them by itself. */
export const processSettings = {
  instanceId: optionalText({
    about:
      "name of this process, which no other has that lives at the same time; after a crash it takes up its work again at once under its old name. Default: host name and pid",
  }),
  logLevel: oneOf(["trace", "debug", "info", "warn", "error", "fatal"], "info", {
    about: "least level logged",
  }),
  httpHost: httpSettings.httpHost,
  probesPort: integer({
    min: 0,
    max: 65_535,
    fallback: 0,
    about: "port of /livez, /readyz and /metrics; 0 takes a free one",
  }),
  announceFile: optionalText({
    about: "file into which the addresses and the pid are written once they are known",
  }),
  exitWithParent: flag(false, { about: "stop when standard input ends, because the parent did" }),
  traceRatio: share(1, { about: "share of traces kept, 0 to 1, when OTEL_EXPORTER_OTLP_ENDPOINT is set" }),
};

export const keyPepperSettings = {
  keyPeppers: secretRing({ about: "ring id:secret of API keys' hashes", example: "2026-11:…" }),
};

export const recipientTokenSettings = {
  recipientTokenKeys: secretRing({
    about: "ring id:secret of recipient tokens, for joins and logs",
    example: "2026-11:…",
  }),
};

export const credentialKeySettings = {
  credentialKeys: keyRing({
    about: "ring id:key that wraps credentials; 32 bytes in base64",
    example: "2026-11:…",
  }),
};

export const publicOriginSettings = {
  publicOrigin: address(["http", "https"], {
    about: "origin under which callers and providers reach the mesh",
    example: "https://wamesh.example.com",
  }),
};

export const callbackPepperSettings = {
  callbackPeppers: secretRing({
    about: "ring id:secret of callback secrets' hashes",
    example: "2026-11:…",
  }),
};
