/** Reads a control request field by field; anything unknown, missing or of the wrong kind is refused by name. */
import { isObject } from "../http.ts";

/** Thrown by the readers below, answered as 400 by the control API. */
export class Refusal extends Error {}

export type Form = {
  text(name: string, fallback?: string): string;
  textOrNull(name: string): string | null;
  /** A number of at least `min`. */
  number(name: string, min: number, fallback?: number): number;
  numberOrNull(name: string, min: number): number | null;
  flag(name: string, fallback: boolean): boolean;
  oneOf<T extends string>(name: string, known: readonly T[], fallback?: T): T;
  texts(name: string, fallback: readonly string[]): readonly string[];
  /** A list of objects; absent = empty. */
  forms(name: string): Form[];
  form(name: string): Form | null;
  has(name: string): boolean;
  /** To be called last: refuses fields that nobody asked for. */
  done(): void;
};

export function openForm(body: unknown, where = "body"): Form {
  if (!isObject(body)) throw new Refusal(`${where} must be a JSON object`);
  const asked = new Set<string>();
  const nested: Form[] = [];

  const read = (name: string): unknown => {
    asked.add(name);
    return body[name] ?? undefined;
  };
  const refuse = (name: string, wish: string): never => {
    throw new Refusal(`${where}.${name} ${wish}`);
  };
  const open = (value: unknown, name: string): Form => {
    const form = openForm(value, `${where}.${name}`);
    nested.push(form);
    return form;
  };
  const text = (name: string, fallback?: string): string => {
    const value = read(name) ?? fallback;
    return typeof value === "string" && value !== "" ? value : refuse(name, "must be a non-empty string");
  };
  const number = (name: string, min: number, fallback?: number): number => {
    const value = read(name) ?? fallback;
    const ok = typeof value === "number" && Number.isFinite(value) && value >= min;
    return ok ? value : refuse(name, `must be a number, at least ${min}`);
  };

  return {
    text,
    textOrNull: (name) => (read(name) === undefined ? null : text(name)),
    number,
    numberOrNull: (name, min) => (read(name) === undefined ? null : number(name, min)),
    flag(name, fallback) {
      const value = read(name) ?? fallback;
      return typeof value === "boolean" ? value : refuse(name, "must be true or false");
    },
    oneOf(name, known, fallback) {
      const value = read(name) ?? fallback;
      return known.find((one) => one === value) ?? refuse(name, `must be one of ${known.join(", ")}`);
    },
    texts(name, fallback) {
      const value = read(name) ?? fallback;
      const ok = Array.isArray(value) && value.every((one) => typeof one === "string");
      return ok ? value : refuse(name, "must be a list of strings");
    },
    forms(name) {
      const value = read(name) ?? [];
      if (!Array.isArray(value)) return refuse(name, "must be a list of objects");
      return value.map((one, i) => open(one, `${name}[${i}]`));
    },
    form(name) {
      const value = read(name);
      return value === undefined ? null : open(value, name);
    },
    has: (name) => read(name) !== undefined,
    done() {
      for (const name of Object.keys(body)) if (!asked.has(name)) refuse(name, "is not known here");
      for (const form of nested) form.done();
    },
  };
}

/** An http(s) URL. */
export function urlOf(form: Form, name: string): string {
  const url = form.text(name);
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    throw new Refusal(`${name} must be an http or https URL`);
  return url;
}
