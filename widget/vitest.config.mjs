// Unit tests of the browser code. The JSX setting sits under `oxc`: this vitest ignores the `esbuild` key.
import { defineConfig } from "vitest/config";
import { constants, cssTextForVitest } from "./build.mjs";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  define: constants("visitor.TEST.js"),
  plugins: [cssTextForVitest],
  test: {
    environment: "happy-dom",
    include: ["{loader,visitor,console}/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    passWithNoTests: true,
  },
});
