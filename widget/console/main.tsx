// The operators' console: one page, mounted into the shell that the hub serves.

import { render } from "preact";
import "./design/tokens.css";
import "./design/base.css";
import "./design/components.css";
import "./views/shell.css";
import "./views/desk.css";
import "./views/inbox.css";
import "./views/conversation.css";
import "./views/files.css";
import "./views/customer.css";
import "./views/record.css";
import "./views/evidence.css";
import "./views/visitors.css";
import "./views/shelves.css";
import "./views/replies.css";
import "./views/alarm.css";
import "./views/team.css";
import "./views/pairs.css";
import "./views/settings.css";
import "./views/settings/pages.css";
import "./views/settings/people.css";
import "./views/work.css";
import "./views/phone.css";
import { plainIcon } from "./state/alarm";
import { speakAsBefore } from "./language";
import { startTheme } from "./state/theme";
import { App } from "./views/app";

startTheme();
plainIcon();
void speakAsBefore().then(() => render(<App />, document.getElementById("app")!));
