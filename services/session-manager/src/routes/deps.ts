/** What the routes need from outside. */
import type { SealedCredentials } from "@wamesh/events";
import type { Changer } from "../change.ts";
import type { Random } from "../key-material.ts";

/** As the dispatcher opens them again. */
export type PlainCredentials =
  | { kind: "cloud_api"; accessToken: string }
  | { kind: "wasender"; apiKey: string; accountToken?: string };

export type Deps = {
  changer: Changer;
  random: Random;
  /** HMACs of a key's secret, one per pepper: `<pepper id>:<hex>`. */
  hashKeySecret(secret: string): string[];
  seal(of: { tenant: string; session: string; version: number }, plain: PlainCredentials): SealedCredentials;
  /** Ids of the ring keys known here, newest first. */
  ringKeys: readonly string[];
  /** HMAC of a WasenderApi callback secret. */
  hashCallbackSecret(secret: string): string;
  /** Where callbacks reach the mesh, without a trailing slash. */
  publicOrigin: string;
  /** Meta app that new numbers report to. */
  metaApp: string;
  /** A session wants to be probed now. */
  probeNow(): void;
  /** A template has something to tell its provider, or a list is wanted now. */
  keepTemplatesNow(): void;
};
