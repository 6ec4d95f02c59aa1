// The configuration file as the hub reads it: every setting, its value, and where it comes from. Secrets have no value here.

import { useEffect, useState } from "preact/hooks";
import type { FilePage, FileSetting } from "../../../wire/settings";
import { Icon } from "../../design/icons";
import { api, ApiError } from "../../state/api";
import { t } from "../../text";
import { Copy } from "../copy";

export function ConfigurationFile() {
  const [page, setPage] = useState<FilePage | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [words, setWords] = useState("");
  useEffect(() => void api.fileSettings().then(setPage, (error: unknown) => setFailed(error instanceof ApiError ? error.message : "")), []);
  if (failed !== null) return <p class="field-wrong" role="alert">{failed || t("settings.unreachable")}</p>;
  if (!page) return <p class="quiet" role="status">{t("loading")}</p>;
  const found = page.settings.filter((one) => one.path.includes(words.trim().toLowerCase()));
  const sections = [...new Set(found.map(sectionOf))];
  const path = `${page.folder}/${page.file}`;
  return (
    <>
      <p class="file-lead">{t("file.lead")} <bdi class="address">{path}</bdi> <Copy text={path} what={path} /></p>
      <label class="find file-find">
        <Icon name="search" />
        <input class="input" type="search" value={words} placeholder={t("file.find")} aria-label={t("file.find")} onInput={(event) => setWords(event.currentTarget.value)} />
        <span class="unseen" role="status">{words ? t("file.found", { count: found.length }) : ""}</span>
      </label>
      {sections.map((section) => (
        <table class="file-table" key={section}>
          <caption dir="ltr">[{section}]</caption>
          <thead><tr><th scope="col">{t("file.setting")}</th><th scope="col">{t("file.value")}</th><th scope="col">{t("file.source")}</th></tr></thead>
          <tbody>
            {found.filter((one) => sectionOf(one) === section).map((one) => (
              <tr key={one.path} class={one.source}>
                <th scope="row" dir="ltr">{one.path.slice(section.length + 1)}</th>
                <td><Value setting={one} /></td>
                <td>{one.source === "file" ? (one.line ? t("file.line", { line: one.line }) : page.file) : t(`file.of.${one.source}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </>
  );
}

const sectionOf = ({ path }: FileSetting): string => path.slice(0, path.lastIndexOf("."));

function Value({ setting }: { setting: FileSetting }) {
  if (setting.secret)
    return setting.value ? <span class="secret"><Icon name="lock" /> {t("file.secret")} <bdi dir="ltr">{setting.value}</bdi></span> : <span class="quiet">{t("file.unset")}</span>;
  return setting.value ? <code dir="ltr">{setting.value}</code> : <span class="quiet">{t("file.unset")}</span>;
}
