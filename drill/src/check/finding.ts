/** One promise not kept. */
export type Finding = {
  kind: "lost" | "doubled" | "order" | "rate" | "cross_tenant";
  /** Message id, where it is about one. */
  id: string | null;
  what: string;
};
