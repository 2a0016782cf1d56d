import { brand } from "../brand/theme.ts";
import { Link } from "../routing/link.tsx";
import { addressHere } from "../routing/router.ts";
import { Mark } from "../ui/icons.tsx";

/** An agency's name and logo for its tenants; else the mesh's own. */
export function BrandName() {
  const own = brand.value;
  return (
    <Link class="brand" to={addressHere(["overview"])}>
      {own?.logo_url ? <img src={own.logo_url} alt="" /> : <Mark />}
      <span>{own?.name ?? "wamesh"}</span>
    </Link>
  );
}
