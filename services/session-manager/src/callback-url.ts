/** Where providers report to. */
type Address = { publicOrigin: string };

export function cloudCallbackUrl({ publicOrigin, metaApp }: Address & { metaApp: string }): string {
  return `${publicOrigin}/callbacks/cloud-api/${metaApp}`;
}

export function wasenderCallbackUrl({ publicOrigin }: Address, token: string): string {
  return `${publicOrigin}/callbacks/wasender/${token}`;
}
