import { cloudApi } from "./cloud-api/index.ts";
import type { Provider } from "./provider.ts";
import type { ProviderName } from "./send.ts";
import { wasender } from "./wasender/index.ts";

export const providers: Record<ProviderName, Provider> = { cloud_api: cloudApi, wasender };
