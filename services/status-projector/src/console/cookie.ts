/** The cookie of who is signed in, as it is set and taken away. Pure. */
import { sessionCookie } from "@wamesh/http";

/** What a proxy before us says of the request; where there is none, plain HTTP reached us. */
export type Reached = { "x-forwarded-proto"?: string | undefined; host?: string | undefined };

export function cookieOf(sealed: string, maxAgeS: number, reached: Reached): string {
  return `${sessionCookie}=${sealed}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${secure(reached)}`;
}

export function noCookie(reached: Reached): string {
  return cookieOf("", 0, reached);
}

/** Not where a developer's own machine answers over plain HTTP: the browser would drop it. Anywhere else that is right to do. */
function secure({ "x-forwarded-proto": proto = "http", host = "" }: Reached): string {
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host);
  return proto === "http" && isLoopback ? "" : "; Secure";
}
