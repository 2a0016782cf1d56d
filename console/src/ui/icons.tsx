/** Line icons of 24 × 24, drawn for this console; always beside a word or with a label on their button. */
const paths = {
  overview: "M4 13h6V4H4zM14 9h6V4h-6zM14 20h6v-8h-6zM4 20h6v-4H4z",
  campaigns: "M4 10v4l11 5V5zM15 9a3 3 0 0 1 0 6M7 15.5 8.5 20",
  messages: "M4 5h16v11H9l-5 4z",
  inbound: "M12 4v10M8 10l4 4 4-4M4 14v6h16v-6",
  contacts: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20c1-4 4-5.500 8-5.500s7 1.500 8 5.500",
  rules: "M5 5h5v5H5zM14 14h5v5h-5zM7.5 10v6.500H14",
  plan: "M4 18a8 8 0 1 1 16 0M12 18l4-6",
  audit: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
  sessions: "M8 3h8v18H8zM11 18h2",
  templates: "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  webhooks: "M9 8a3 3 0 1 1 4 2.800L15.5 15M7 12.500A3.5 3.5 0 1 0 10.5 17H17M17 13.500a3.5 3.5 0 1 1-2 6.3",
  trouble: "M12 4 21 20H3zM12 10v4M12 17v.500",
  analytics: "M4 20V4M4 20h16M8 16l4-5 3 3 5-7",
  keys: "M14.5 9.5 20 4M17 7l2.5 2.500M14 13a4 4 0 1 1-5.7-3.6 4 4 0 0 1 5.7 3.600z",
  tenants: "M4 20V8l7-4v16M11 20V10l9 3v7M3 20h18M14.5 16h2M7 12h1M7 16h1",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M4.9 4.900l1.4 1.400M17.7 17.700l1.4 1.400M2 12h2M20 12h2M4.9 19.100l1.4-1.400M17.7 6.300l1.4-1.4",
  moon: "M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500z",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  plus: "M12 5v14M5 12h14",
  download: "M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14",
  out: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent-solid)" />
      <path
        d="M8 10.5 12 22l4-9.5 4 9.5 4-11.5"
        fill="none"
        stroke="var(--on-accent)"
        stroke-width="2.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
