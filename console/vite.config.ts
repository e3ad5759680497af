import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const dist = process.env['CONFAB_CONSOLE_DIST'] ?? '../build/console/dist';

// The page runs under a policy without inline scripts, inline styles and data: scripts, so nothing
// may be inlined and no polyfill injected.
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: resolve(dist),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
