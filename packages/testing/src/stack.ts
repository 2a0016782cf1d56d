import type { StackAddresses } from "@wamesh/local/stack";
import { inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    stack: StackAddresses;
  }
}

/** Addresses of the real servers that this test run uses; see global-setup.ts. */
export function stack(): StackAddresses {
  return inject("stack");
}
