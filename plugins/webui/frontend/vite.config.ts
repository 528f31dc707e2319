/** Builds into the Python package: the page, and below `ui/` what it loads, each file compressed beforehand. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";

const OUT = "../amutorrent_webui/static";
const TEXT = /\.(js|css|svg|webmanifest)$/;
const WORTH_IT = 1024;

function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    closeBundle() {
      const folder = join(import.meta.dirname, OUT, "ui");
      const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
      for (const name of names.filter((each) => TEXT.test(each))) {
        const body = readFileSync(join(folder, name));
        if (body.length < WORTH_IT) continue;
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(body, quality));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(body, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [react(), compress()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsDir: "ui/assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome123", "firefox121", "safari17.5"],
  },
  server: {
    proxy: {
      "^/(api|login|setup|entry|health)": "http://127.0.0.1:4000",
      "/ws": { target: "ws://127.0.0.1:4000", ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
