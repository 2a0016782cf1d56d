import { render } from "preact";
import { watchSignOut, whoAmI } from "./api/session.ts";
import { App } from "./app.tsx";
import { keepTheme } from "./brand/theme.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/form.css";
import "./styles/table.css";
import "./styles/shell.css";

keepTheme();
watchSignOut();
void whoAmI();
render(<App />, document.getElementById("app") as HTMLElement);
