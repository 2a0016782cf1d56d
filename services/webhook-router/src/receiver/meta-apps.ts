/** The operator's Meta apps: one callback path and one secret each. */
export type MetaApp = { id: string; secret: string; verifyToken: string };

/** "id:secret:verify token,…"; throws on anything unreadable, without repeating it. */
export function parseMetaApps(text: string): Map<string, MetaApp> {
  const apps = new Map<string, MetaApp>();
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const [id, secret, verifyToken, ...rest] = part.trim().split(":");
    if (!id || !secret || !verifyToken || rest.length > 0)
      throw new Error("WAMESH_META_APPS is a list of id:secret:verify token, separated by commas");
    apps.set(id, { id, secret, verifyToken });
  }
  return apps;
}
