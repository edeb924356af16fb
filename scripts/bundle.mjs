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

/**
 * The widgets' library brings its own words in 34 languages, a seventh of the page; the page asks for English ones only
 * (`ui/src/main.tsx`).
 * @type {import('esbuild').Plugin}
 */
export const oneLanguage = {
  name: 'one-language',
  setup(build) {
    // Go's expressions cannot say "but".
    const all = /react-aria[\\/]dist[\\/]private[\\/]intl[\\/].+[\\/][a-z][a-z]-[A-Z][A-Z]\.m?js$/;
    build.onLoad({ filter: all }, ({ path }) =>
      /en-US\.m?js$/.test(path) ? undefined : { contents: 'export default {};' },
    );
  },
};
