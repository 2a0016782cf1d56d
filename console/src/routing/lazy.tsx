/** Pages that are fetched when somebody goes there: the first load holds what most people open first. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { PageShell } from "../ui/page.tsx";
import { Notice, Skeleton } from "../ui/states.tsx";

export function lazyPage<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  // Outside the page: the second visit shows it at once.
  let Loaded: ComponentType<Props> | null = null;
  return (props: Props) => {
    const [state, setState] = useState<"loading" | "here" | "failed">(Loaded === null ? "loading" : "here");
    useEffect(() => {
      if (Loaded !== null) return;
      let left = false;
      load().then(
        (page) => {
          Loaded = page;
          if (!left) setState("here");
        },
        () => {
          if (!left) setState("failed");
        },
      );
      return () => {
        left = true;
      };
    }, []);
    if (Loaded !== null) {
      const Page = Loaded as ComponentType<JSX.IntrinsicAttributes & Props>;
      return <Page {...props} />;
    }
    if (state === "failed")
      return (
        <PageShell title="This page could not be loaded">
          <Notice tone="warn" title="The mesh may have been upgraded since you opened the console">
            <p>Loading the console anew brings the page of the new release.</p>
            <div>
              <Button onPress={() => location.reload()}>Load anew</Button>
            </div>
          </Notice>
        </PageShell>
      );
    return <Skeleton />;
  };
}
