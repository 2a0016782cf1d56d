import { looked, may, me, signOut } from "../api/session.ts";
import { streamIsOpen } from "../api/stream.ts";
import { choice } from "../brand/theme.ts";
import { Link } from "../routing/link.tsx";
import { addressOf } from "../routing/path.ts";
import { addressHere, go, place } from "../routing/router.ts";
import { Button } from "../ui/button.tsx";
import { Choice } from "../ui/field.tsx";
import { Icon } from "../ui/icons.tsx";
import { areas } from "./areas.ts";
import { BrandName } from "./brand-name.tsx";

const kinds = { operator: "Operator", agency: "Agency", tenant: "Tenant" } as const;

export function Side({ open, onHelp }: { open: boolean; onHelp: () => void }) {
  const who = me.value;
  if (!who) return null;
  const current = place.value.parts[0];
  const shown = areas.filter(
    ({ scope, above }) => may(scope) && (above === undefined || who.kind !== "tenant"),
  );
  return (
    <aside class="side" data-open={open}>
      <BrandName />
      <TenantChoice />
      <nav class="nav" aria-label="Areas">
        {shown.map(({ part, text, letter, icon, gap }) => (
          <>
            {gap && <div class="nav-gap" />}
            <Link key={part} to={addressHere([part])} aria-current={current === part ? "page" : undefined}>
              <Icon name={icon} />
              {text}
              <kbd>g {letter}</kbd>
            </Link>
          </>
        ))}
      </nav>
      <div class="side-foot">
        <span class="live" data-open={streamIsOpen.value}>
          {streamIsOpen.value ? "Live" : "Not live: asking now and then"}
        </span>
        <span class="muted" title={`Key ${who.key_id}`}>
          {kinds[who.kind]} · {who.name}
        </span>
        <div class="row">
          <ThemeButton />
          <Button kind="plain" size="small" label="Keys of the keyboard" onPress={onHelp}>
            <kbd>?</kbd>
          </Button>
          <Button kind="plain" size="small" icon="out" onPress={signOut}>
            Sign out
          </Button>
        </div>
      </div>
    </aside>
  );
}

/** For keys that reach more than one tenant. */
function TenantChoice() {
  const who = me.value;
  const tenant = looked.value?.tenant;
  if (!who || tenant === undefined) return null;
  const others = who.tenants.filter((one) => one.tenant !== who.tenant);
  if (others.length === 0) return null;
  return (
    <div class="tenant-choice">
      <Choice
        label="Looking at"
        value={tenant}
        onValue={(chosen) => go(addressOf(chosen, [place.value.parts[0] ?? "overview"]))}
        options={[[who.tenant, `${who.name} (own)`], ...others.map((one) => [one.tenant, one.name] as const)]}
      />
    </div>
  );
}

function ThemeButton() {
  const next = { system: "light", light: "dark", dark: "system" } as const;
  const icons = { system: "screen", light: "sun", dark: "moon" } as const;
  const words = { system: "as the system", light: "light", dark: "dark" } as const;
  const now = choice.value;
  return (
    <Button
      kind="plain"
      size="small"
      icon={icons[now]}
      label={`Theme: ${words[now]}. Change to ${words[next[now]]}`}
      onPress={() => {
        choice.value = next[now];
      }}
    />
  );
}
