/** What helps a session that is not connected. Pure. */
import type { Evidence, SessionStatus } from "@wamesh/events";

/**
 * connect keeps the pairing and touches this session only; so does restart, which the provider takes from a session that it
 * believes to be connected. Nothing here logs out or makes new keys.
 */
export type Remedy = "connect" | "restart" | "ask_tenant" | "wait";

export function remedyFor(status: SessionStatus, evidence: Evidence): Remedy {
  switch (status) {
    case "connecting":
      return "connect";
    case "disconnected":
      // Only sends say so: its provider thinks it is connected.
      return evidence === "send" ? "restart" : "connect";
    case "need_scan":
    case "logged_out":
      return "ask_tenant";
    default:
      return "wait";
  }
}
