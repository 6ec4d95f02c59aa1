// Bundles all browser code into hub/web/static/ and writes manifest.json there.
//
//   node build.mjs            one build, with a report of sizes
//   node build.mjs --strict   the same, and fails when a bundle is over its budget
//   node build.mjs --watch    rebuilds at every change, with readable output and source maps
//   node build.mjs visitor    one half alone (or `console`), leaving the other as it was built last
//
// Everything but the loader carries its content's hash in its name, so browsers may keep it for ever. The loader,
// widget.js, is the one address that shops write into their pages: it is small, revalidated at each visit, and
// knows the name of the tracker of its own build. The manifest maps logical names (visitor.js, panel.js,
// console.js, console.css, widget.js) to the files, for the Python side.

import { build, context } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(here, "../hub/web/static");
const version = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).version;

/** Entries of each half, logical name → source. Halves share no chunk: a shop never pays for the console's needs. */
const HALVES = {
  visitor: { visitor: "visitor/tracker.ts", panel: "visitor/panel.ts" },
  console: { console: "console/main.tsx", preview: "console/preview.ts" },
};

/**
 * Budgets in bytes after gzip: a first page view costs a shop the loader and the tracker, opening the chat adds
 * the panel. Each counts the files it cannot start without.
 */
const BUDGETS = [
  { what: "loader", files: ["widget.js"], limit: 1024 },
  { what: "loader + tracker", files: ["widget.js", "visitor.js"], limit: 5 * 1024 },
  { what: "with the panel", files: ["widget.js", "visitor.js", "panel.js"], limit: 15 * 1024 },
  { what: "console", files: ["console.js", "console.css"], limit: 120 * 1024 },
];

/** The widget's parts, loaded at first use, may each have so many bytes after gzip. */
const PART = 4 * 1024;

/** Languages of the console other than English: each is a file. */
const languages = readdirSync(join(here, "console/texts")).map((name) => name.replace(/\.json$/, ""));

/** The few sentences that the console's worker says, in every language: it must not load any. */
function workerWords() {
  const keys = /^(pushed\..*|away\..*|alarm\.(waits|nobody)|test\.(title|body)|visitor|again)$/;
  const cut = (file) => Object.fromEntries(Object.entries(JSON.parse(readFileSync(join(here, "console", file), "utf8"))).filter(([key]) => keys.test(key)));
  return { en: cut("en.json"), ...Object.fromEntries(languages.map((language) => [language, cut(`texts/${language}.json`)])) };
}

/** Names that are replaced by their values at build time; widget/globals.d.ts declares them. */
export function constants(visitorFile) {
  const values = { __VISITOR_FILE__: visitorFile, __VERSION__: version, __LANGUAGES__: languages, __WORKER_WORDS__: workerWords() };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** `import css from "./x.css?text"` gives the (minified) stylesheet as a string, for shadow roots. */
const cssText = {
  name: "css-text",
  setup(within) {
    within.onResolve({ filter: /\.css\?text$/ }, (found) => ({
      path: resolve(found.resolveDir, found.path.replace(/\?text$/, "")),
      namespace: "css-text",
    }));
    within.onLoad({ filter: /.*/, namespace: "css-text" }, async (found) => {
      const minify = within.initialOptions.minify ?? false;
      const sheet = await build({ entryPoints: [found.path], bundle: true, minify, write: false, target: TARGETS });
      return { contents: inHex(sheet.outputFiles[0].text), loader: "text", watchFiles: [found.path] };
    });
  },
};

/**
 * Opaque `oklch(L% C H)` as #rrggbb, for style sheets in script: a third of the bytes, and browsers that are three years
 * old know them. Matrices from B. Ottosson, "A perceptual color space for image processing" (2020).
 */
export function inHex(sheet) {
  return sheet.replace(/oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)/g, (_, lightness, chroma, hue) => {
    const [L, C, h] = [lightness / 100, Number(chroma), (hue * Math.PI) / 180];
    const [a, b] = [C * Math.cos(h), C * Math.sin(h)];
    const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
    const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
    const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
    const rgb = [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
    ];
    const bytes = rgb.map((v) => Math.round(255 * Math.min(1, Math.max(0, v > 0.0031308 ? 1.055 * v ** (1 / 2.4) - 0.055 : 12.92 * v))));
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `#${/^(.)\1(.)\2(.)\3$/.test(hex) ? hex[0] + hex[2] + hex[4] : hex}`;
  });
}

/** The same for vitest, under a name that its own treatment of stylesheets (which empties them) does not know. */
export const cssTextForVitest = {
  name: "css-text",
  enforce: "pre",
  resolveId(source, importer) {
    if (!source.endsWith(".css?text")) return null;
    return `\0css-text:${resolve(dirname(importer), source.slice(0, -".css?text".length))}`;
  },
  load(id) {
    if (!id.startsWith("\0css-text:")) return null;
    return `export default ${JSON.stringify(readFileSync(`${id.slice("\0css-text:".length)}.css`, "utf8"))}`;
  },
};

/**
 * Parts of the console, loaded when somebody goes there, count as if they needed all that it starts with, which is there long
 * before them. Else what each of them shares with the start would be cut out of it, a file for every set of parts that use the
 * same: two dozen small ones, which compress far worse than one.
 */
const wholeStart = {
  name: "whole-start",
  setup(within) {
    const start = join(here, "console/views/app.tsx");
    const parts = new Set();
    within.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
      if (kind !== "dynamic-import") return null;
      const part = [".tsx", ".ts"].map((end) => resolve(resolveDir, path + end)).find(existsSync);
      if (part?.startsWith(join(here, "console"))) parts.add(part);
      return null;
    });
    within.onLoad({ filter: /console\/.*\.tsx?$/ }, ({ path }) =>
      parts.has(path) ? { contents: `${readFileSync(path, "utf8")}\nimport ${JSON.stringify(start)};`, loader: path.endsWith("x") ? "tsx" : "ts" } : null);
  },
};

const TARGETS = ["es2022", "chrome109", "firefox115", "safari16"];

function options(watching) {
  return {
    absWorkingDir: here,
    bundle: true,
    minify: !watching,
    sourcemap: watching ? "inline" : false,
    target: TARGETS,
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "text", ".woff2": "file" },
    legalComments: "none",
    charset: "utf8", // modules are always read as UTF-8; escapes would double the foreign sentences
    logLevel: "warning",
    metafile: true,
    plugins: [cssText, wholeStart],
  };
}

/**
 * Members of the widget's own objects that are written as one or two letters. Only names that no frame, text, stored
 * entry or browser object has; `visitor/names.test.ts` looks.
 */
export const OWN_NAMES = ["again", "ahead", "around", "busy", "changed", "decide", "dress", "elsewhere", "enter", "forget", "gate", "guard", "hear", "heard", "hold",
  "lasting", "leave", "look", "lost", "names", "newId", "notes", "opening", "past", "places", "refresh", "refuse", "renew", "restart", "room", "seconds", "shelf", "shown", "stay", "texts",
  "titles", "tray", "typist", "unfold", "visible"];

/**
 * Has Chromium compile the widget's functions while it is fetched, in another thread. Nearly all of the tracker's run at
 * load, and compiling each as it is first called cost the page's main thread a fifth of what the whole widget cost it.
 */
const AT_ONCE = "//# allFunctionsCalledOnLoad";

/** Bytes of a part that is loaded when it is asked for: what of it is called first is not known, so it is compiled as it is called. */
function withoutBanner(contents) {
  const banner = Buffer.from(`${AT_ONCE}\n`);
  return banner.equals(contents.subarray(0, banner.length)) ? contents.subarray(banner.length) : contents;
}

function modules(half, watching) {
  return {
    ...options(watching),
    ...(half === "visitor" && !watching && { mangleProps: new RegExp(`^(${OWN_NAMES.join("|")})$`) }),
    entryPoints: Object.entries(HALVES[half]).map(([out, source]) => ({ in: source, out })),
    format: "esm",
    splitting: true,
    outdir: target,
    entryNames: "[name].[hash]",
    chunkNames: "[name].[hash]", // of a part or a language; what several share is called chunk
    assetNames: "[name].[hash]",
    define: constants(""), // modules find each other by relative imports
    ...(half === "visitor" && { banner: { js: AT_ONCE } }),
    write: false,
  };
}

function loader(watching, visitorFile) {
  return {
    ...options(watching),
    entryPoints: ["loader/loader.ts"],
    format: "iife", // a classic script: shops paste one plain tag
    outfile: join(target, "widget.js"),
    define: constants(visitorFile),
    write: false,
  };
}

/** The console's worker: a classic script under a fixed name, since the address of a worker is its scope. */
function workerScript(watching) {
  return {
    ...options(watching),
    entryPoints: ["console/worker/worker.ts"],
    format: "iife",
    outfile: join(target, "console-sw.js"),
    define: constants(""),
    write: false,
  };
}

/** Logical name → file name, from esbuild's own account of what became of each entry. */
function manifestOf(half, metafile) {
  const manifest = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const entry = Object.entries(HALVES[half]).find(([, source]) => source === output.entryPoint);
    if (!entry) continue;
    manifest[`${entry[0]}.js`] = basename(path);
    if (output.cssBundle) manifest[`${entry[0]}.css`] = basename(output.cssBundle);
  }
  return manifest;
}

/**
 * New files first, the manifest next, old files last: a hub that serves this folder never points at nothing. Half a
 * build removes no file, since it cannot tell which of them the other half needs.
 */
function publish(outputs, manifest, whole) {
  mkdirSync(target, { recursive: true });
  const path = join(target, "manifest.json");
  for (const file of outputs) replace(file.path, file.contents);
  const before = !whole && existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  replace(path, JSON.stringify({ ...before, ...manifest }, null, 2) + "\n");
  if (!whole) return;
  const wanted = new Set(["manifest.json", ...outputs.map((file) => basename(file.path))]);
  for (const name of readdirSync(target)) if (!wanted.has(name)) rmSync(join(target, name), { recursive: true });
}

function replace(path, contents) {
  writeFileSync(`${path}.new`, contents);
  renameSync(`${path}.new`, path);
}

/** A file and everything it imports at once (not what it imports on demand). */
function startupFiles(built, name) {
  const byName = new Map(Object.entries(built).map(([path, output]) => [basename(path), output]));
  const seen = new Set();
  const walk = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { path, kind } of byName.get(file)?.imports ?? []) if (kind === "import-statement") walk(basename(path));
  };
  walk(name);
  return seen;
}

const compressed = (contents) => gzipSync(contents, { level: 9 }).length;
const kib = (bytes) => `${bytes.toLocaleString("en")} B`.padStart(11);

function report(outputs, manifest, built) {
  const sizes = new Map(outputs.map((file) => [basename(file.path), compressed(file.contents)]));
  console.log("file                               raw        gzip");
  for (const file of [...outputs].sort((a, b) => a.path.localeCompare(b.path))) {
    const name = basename(file.path);
    console.log(name.padEnd(26), kib(file.contents.length), kib(sizes.get(name)));
  }
  const over = [];
  for (const { what, files, limit } of BUDGETS) {
    if (!files.every((name) => name in manifest)) continue;
    const needed = new Set(files.flatMap((name) => [...startupFiles(built, manifest[name])]));
    const sum = [...needed].reduce((total, name) => total + (sizes.get(name) ?? 0), 0);
    console.log(`${what.padEnd(26)} ${kib(sum)} of ${kib(limit).trim()}${sum > limit ? "   OVER BUDGET" : ""}`);
    if (sum > limit) over.push(what);
  }
  for (const [path, { entryPoint }] of Object.entries(built)) {
    if (!entryPoint?.startsWith("visitor/") || sizes.get(basename(path)) <= PART || Object.values(manifest).includes(basename(path))) continue;
    console.log(`${entryPoint} is over ${kib(PART).trim()}   OVER BUDGET`);
    over.push(entryPoint);
  }
  return over;
}

/** Builds and publishes these halves; the answer lists the budgets that are exceeded. */
async function bundle(halves, watching) {
  const outputs = [];
  const manifest = {};
  const built = {};
  for (const half of halves) {
    const result = await build(modules(half, watching));
    for (const file of result.outputFiles) if (!/^visitor\./.test(basename(file.path))) file.contents = withoutBanner(file.contents);
    outputs.push(...result.outputFiles);
    Object.assign(manifest, manifestOf(half, result.metafile));
    Object.assign(built, result.metafile.outputs);
  }
  if (halves.includes("console")) {
    outputs.push(...(await build(workerScript(watching))).outputFiles);
    manifest["console-sw.js"] = "console-sw.js";
  }
  if (halves.includes("visitor")) {
    const first = await build(loader(watching, manifest["visitor.js"]));
    outputs.push(...first.outputFiles);
    manifest["widget.js"] = "widget.js";
  }
  publish(outputs, manifest, halves.length === Object.keys(HALVES).length);
  return report(outputs, manifest, built);
}

async function watch(halves) {
  for (const half of halves) {
    const again = {
      name: "again",
      setup: (within) => within.onEnd((result) => (result.errors.length ? null : bundle([half], true))),
    };
    const base = modules(half, true);
    await (await context({ ...base, plugins: [...base.plugins, again] })).watch();
  }
  console.log("Watching widget/ …");
}

async function main(words) {
  const named = words.filter((word) => word in HALVES);
  const halves = named.length ? named : Object.keys(HALVES);
  if (words.includes("--watch")) return watch(halves);
  const over = await bundle(halves, false);
  if (over.length && words.includes("--strict")) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((failure) => {
    // esbuild has already said where and why; its JavaScript stack helps nobody.
    if (!failure.errors) console.error(failure);
    process.exitCode = 1;
  });
}
