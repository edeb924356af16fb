import { build } from 'esbuild';

/** Bundles for Node are ESM; packages inside that are CommonJS need a `require`. */
const nodeBundle = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  // Its "main" is UMD, whose requires no bundler can follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

/**
 * Bundles programs or modules that load parts of themselves only when they are wanted: NAME.js and chunks beside it.
 * @param {string} entry
 * @param {string} outdir
 * @param {string} name
 * @param {import('esbuild').BuildOptions} options other than the usual ones
 */
export function bundleInChunks(entry, outdir, name, options = {}) {
  return build({
    ...nodeBundle,
    ...options,
    splitting: true,
    metafile: true,
    chunkNames: 'chunks/[name]-[hash]',
    entryPoints: [{ in: entry, out: name }],
    outdir,
  });
}

/**
 * Bundles a program or module for Node.
 * @param {string} entry
 * @param {string} outfile
 * @param {import('esbuild').BuildOptions} options other than the usual ones
 */
export function bundleForNode(entry, outfile, options = {}) {
  return build({ ...nodeBundle, ...options, entryPoints: [entry], outfile });
}
