// Puts a value into the clipboard, and says that it is there.

import { useState } from "preact/hooks";
import { Button } from "../design/button";
import { toast } from "../state/toasts";
import { t } from "../text";

export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 2_000);
      },
      () => toast(t("copy.failed"), { bad: true }),
    );
  return <Button label={copied ? t("copied") : t("copy.what", { what })} icon={copied ? "check" : "copy"} only="icon" kind="plain" small onClick={() => void copy()} />;
}
