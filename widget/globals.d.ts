// Names that build.mjs puts into the bundles, and the kinds of file that esbuild understands beside code.

/** File name of the visitor's tracker as built, for example "visitor.3F2A9C1B.js"; it lies beside the loader's own folder of static files. */
declare const __VISITOR_FILE__: string;

/** Version of the hub this bundle was built for, from package.json. */
declare const __VERSION__: string;

/** Languages that the console has a file for, English left out. */
declare const __LANGUAGES__: readonly string[];

/** Sentences of the console's worker, by language. */
declare const __WORKER_WORDS__: Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Stylesheets: the console's become console.HASH.css. */
declare module "*.css";

/** A stylesheet as text, for shadow roots: `import css from "./panel.css?text"`. */
declare module "*.css?text" {
  const text: string;
  export default text;
}

declare module "*.svg" {
  const text: string;
  export default text;
}

/** What tests ask of the build. */
declare module "*/build.mjs" {
  export const OWN_NAMES: readonly string[];
}
