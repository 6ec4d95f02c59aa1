// The line a shop pastes into its pages, ready to be copied.

import { useState } from "preact/hooks";
import { Button } from "../design/button";
import { t } from "../text";

export function Snippet({ site }: { site: string }) {
  const [copied, setCopied] = useState(false);
  const line = `<script async src="${location.origin}/widget.js" data-site="${site}"></script>`;
  const copy = () =>
    navigator.clipboard.writeText(line).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 2_000);
      },
      () => setCopied(false),
    );
  return (
    <div class="snippet">
      <code dir="ltr">{line}</code>
      <Button label={copied ? t("copied") : t("copy")} icon={copied ? "check" : "copy"} small onClick={copy} />
    </div>
  );
}
