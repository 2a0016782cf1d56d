import { useEffect } from "preact/hooks";
import { call } from "../../api/call.ts";
import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import type { Page, Redrive } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { Card } from "../../ui/page.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { report } from "../../ui/toast.tsx";
import { count, perSecond } from "../../words/figure.ts";
import { redriveWords } from "../../words/states.ts";

/** Those under way and lately done; nothing where there was none. */
export function Redrives({ version }: { version: number }) {
  const from = useGet<Page<Redrive>>(
    may("messages:write") ? "/v1/redrives" : null,
    { limit: 20 },
    { everyMs: 3_000 },
  );
  // The version orders it.
  useEffect(() => {
    if (version > 0) from.refresh();
  }, [version]);
  const rows = (from.data?.items ?? []).filter((row) => !row.dry_run);
  if (rows.length === 0) return null;
  return (
    <Card title="Sent again" flush>
      <Table
        label="Redrives"
        rows={rows}
        keyOf={({ redrive_id }) => redrive_id}
        columns={[
          { head: "Ordered", lead: true, cell: (row) => <Time at={row.created_at} /> },
          { head: "State", cell: (row) => <Chip of={redriveWords} state={row.state} /> },
          { head: "Found", align: "end", cell: (row) => count(row.found) },
          { head: "Sent again", align: "end", cell: (row) => count(row.redriven) },
          { head: "Left out", align: "end", cell: (row) => count(row.skipped) },
          { head: "Pace", align: "end", cell: (row) => perSecond(row.rate_per_s) },
          {
            head: "",
            align: "end",
            cell: (row) =>
              row.state === "running" || row.state === "counting" ? (
                <Button
                  size="small"
                  kind="danger"
                  onPress={async () => {
                    if (
                      report(
                        await call("DELETE", `/v1/redrives/${encodeURIComponent(row.redrive_id)}`),
                        "Stopped: the rest stays here.",
                      )
                    )
                      from.refresh();
                  }}
                >
                  Stop
                </Button>
              ) : null,
          },
        ]}
      />
    </Card>
  );
}
