import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev:console` finds a Join Server; the demonstration's by default. */
const JOIN_SERVER = "http://127.0.0.1:7071";

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // Nothing inline: the Content-Security-Policy allows files of this server alone.
    assetsInlineLimit: 0,
    // What counts is the first load as the browser gets it, compressed: a test holds that below 250 kB.
    chunkSizeWarningLimit: 800,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": JOIN_SERVER } },
});
