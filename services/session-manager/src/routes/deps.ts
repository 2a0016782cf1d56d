/** What the routes need from outside. */
import type { CloudOnboarding } from "@wamesh/providers";
import type { Changer } from "../change.ts";
import type { Open, Seal } from "../credentials.ts";
import type { Random } from "../key-material.ts";
import type { QrDesk } from "../links/qr-desk.ts";

export type Deps = {
  changer: Changer;
  random: Random;
  /** HMACs of a key's secret, one per pepper: `<pepper id>:<hex>`. */
  hashKeySecret(secret: string): string[];
  seal: Seal;
  open: Open;
  /** Ids of the ring keys known here, newest first. */
  ringKeys: readonly string[];
  /** Ids of the peppers of callback secrets known here, newest first. */
  callbackPeppers: readonly string[];
  /** HMAC of a WasenderApi callback secret. */
  hashCallbackSecret(secret: string): string;
  /** Where callbacks reach the mesh, without a trailing slash. */
  publicOrigin: string;
  /** Meta app that new numbers report to; null where the operator has none. */
  metaApp: string | null;
  showQr: QrDesk;
  /** Embedded Signup; null where the operator has not set it up. */
  signup: {
    appId: string;
    configId: string;
    apiVersion: string;
    exchange: CloudOnboarding["exchange"];
  } | null;
  /** A template has something to tell its provider, or a list is wanted now. */
  keepTemplatesNow(): void;
  /** A session wants to be probed now, or an errand to be run. */
  wake(): void;
  now(): number;
};
