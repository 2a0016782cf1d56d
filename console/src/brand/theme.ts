/** Light or dark, and the tenant's colour: custom properties of the page. */
import { computed, effect, signal } from "@preact/signals";
import { looked, me } from "../api/session.ts";
import { accentOf } from "./accent.ts";

export type Choice = "system" | "light" | "dark";

const choices: readonly Choice[] = ["system", "light", "dark"];
const stored = localStorage.getItem("wamesh-theme") as Choice | null;
const system = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(system.matches);
system.addEventListener("change", () => {
  systemIsDark.value = system.matches;
});

export const choice = signal<Choice>(stored !== null && choices.includes(stored) ? stored : "system");
export const dark = computed(() =>
  choice.value === "system" ? systemIsDark.value : choice.value === "dark",
);

/** Name and logo above the navigation: the tenant's that is looked at, else one's own. */
export const brand = computed(() => looked.value?.brand ?? me.value?.brand ?? null);

const grounds = { light: "#ffffff", dark: "#16181d" };

export function keepTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = dark.value ? "dark" : "light";
    localStorage.setItem("wamesh-theme", choice.value);
  });
  effect(() => {
    const { style } = document.documentElement;
    const colour = brand.value?.colour ?? null;
    const accent = colour === null ? null : accentOf(colour, dark.value ? grounds.dark : grounds.light);
    const values = {
      "--accent": accent?.text,
      "--accent-solid": accent?.solid,
      "--on-accent": accent?.onSolid,
    };
    for (const [name, value] of Object.entries(values))
      if (value === undefined) style.removeProperty(name);
      else style.setProperty(name, value);
  });
}
