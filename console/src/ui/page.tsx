import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { looked } from "../api/session.ts";
import { Link } from "../routing/link.tsx";

/** A page's head: where one is, what it is about, what can be done. */
export function PageShell({
  title,
  crumb,
  beside,
  sub,
  actions,
  width,
  children,
}: {
  title: string;
  crumb?: { to: string; text: string };
  /** Beside the title: a state, mostly. */
  beside?: ComponentChildren;
  sub?: ComponentChildren;
  actions?: ComponentChildren;
  /** Forms are read in a column. */
  width?: "form";
  children: ComponentChildren;
}) {
  const whose = looked.value?.name;
  useEffect(() => {
    document.title = whose === undefined ? title : `${title} · ${whose}`;
  }, [title, whose]);
  return (
    <div class="page" data-width={width}>
      <header class="page-head">
        <div class="stack-tight">
          {crumb !== undefined && (
            <div class="crumb">
              <Link to={crumb.to}>← {crumb.text}</Link>
            </div>
          )}
          <div class="title">
            <h1>{title}</h1>
            {beside}
          </div>
          {sub !== undefined && <div class="sub">{sub}</div>}
        </div>
        {actions !== undefined && <div class="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Card({
  title,
  aside,
  children,
  flush,
}: {
  title?: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
  /** Tables and lists reach the edge. */
  flush?: boolean;
}) {
  return (
    <section class="card" aria-label={title}>
      {title !== undefined && (
        <div class="card-head">
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {flush === true ? children : <div class="card-body">{children}</div>}
    </section>
  );
}

export function Figures({
  items,
}: {
  items: readonly { name: string; value: ComponentChildren; note?: ComponentChildren }[];
}) {
  return (
    <dl class="figures">
      {items.map(({ name, value, note }) => (
        <div class="figure" key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {note !== undefined && <dd>{note}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** Those without a value are left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => [<dt key={`${name}.t`}>{name}</dt>, <dd key={`${name}.d`}>{value}</dd>])}
    </dl>
  );
}

export function Tabs({
  tabs,
  label,
}: {
  label: string;
  tabs: readonly { to: string; text: string; current: boolean }[];
}) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ to, text, current }) => (
        <Link key={to} to={to} aria-current={current ? "page" : undefined}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
