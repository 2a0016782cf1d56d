/** What a fire is, and what it may touch. */
import type { Mesh } from "@wamesh/local";
import type postgres from "postgres";
import type { Certificate } from "./certificate.ts";
import type { Scene } from "./scene.ts";

export type Ground = {
  mesh: Mesh;
  scene: Scene;
  sql: postgres.Sql;
  /** Small file system of its own; null where this user may not mount one. */
  mount: string | null;
  /** The one that every service finds in its settings; read when a service starts. */
  certificate: Certificate;
  say(words: string): void;
};

/** A threshold that only hours or harm would reach, and what the drill makes of it. */
export type Softened = { alert: string; from: string; to: string };

export type Fire = {
  name: string;
  cause: string;
  /** As `name severity`. All of them must fire, and be over after the fault. */
  alerts: readonly string[];
  softened?: readonly Softened[];
  /** Begins the fault; what it returns ends it. */
  light(ground: Ground): Promise<() => Promise<unknown>>;
};
