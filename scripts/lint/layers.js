// The lint table of layers (ARCHITECTURE.md, "Who may import whom"). A file that no row covers is itself an error, so
// that a new folder cannot appear without somebody deciding where it stands.

/** @type {ReadonlyArray<{ layer: string, path: RegExp, may: readonly string[], node: boolean }>} */
export const layers = [
  { layer: 'base', path: /^core\/base\//, may: [], node: false },
  { layer: 'model', path: /^core\/model\//, may: ['base'], node: false },
  { layer: 'api', path: /^core\/api\//, may: ['base', 'model'], node: false },
  { layer: 'common', path: /^core\/common\//, may: ['base', 'model', 'api'], node: false },
  { layer: 'test', path: /^core\/test-kit\//, may: ['base', 'model', 'api', 'common'], node: true },
  { layer: 'node', path: /^core\/node\//, may: ['base', 'model', 'api', 'common'], node: true },
  { layer: 'engine', path: /^core\/engine\//, may: ['base', 'model', 'common', 'node'], node: true },
  { layer: 'exthost', path: /^core\/exthost\//, may: ['base', 'model', 'api', 'common', 'node'], node: true },
  // What `tutti extension new` begins with: real extensions, so they may what extensions may, and know no @tutti/model.
  { layer: 'template', path: /^core\/cli\/templates\//, may: ['api:type'], node: true },
  { layer: 'cli', path: /^core\/cli\//, may: ['base', 'model', 'api', 'common', 'node'], node: true },
  // Extensions get the API as an argument: of @tutti/api and @tutti/base they may import types only.
  { layer: 'extension', path: /^extensions\/[^/]+\//, may: ['model', 'api:type', 'base:type'], node: true },
  { layer: 'ui', path: /^ui\//, may: ['base', 'model', 'api', 'common'], node: false },
  { layer: 'whole', path: /^test\//, may: ['base', 'model', 'api', 'common', 'node'], node: true },
  { layer: 'scripts', path: /^scripts\/|^[^/]+\.(js|mjs|ts)$/, may: [], node: true },
];

/** Tests beside a layer may read files and start processes, whatever their layer. */
const isTest = (path) => /(^|\/)test\//.test(path);

/**
 * Parts of packages that can be had alone: `null-engine` is for the test kit's own installation, `instance` for programs
 * that talk to a host and do not want to load one.
 */
const layerOfPackage = (specifier) =>
  /^@tutti\/([a-z]+)(?:\/(?:null-engine|instance))?$/.exec(specifier)?.[1];

/** @type {import('eslint').Rule.RuleModule} */
export const layersRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const path = context.filename.slice(context.cwd.length + 1).replaceAll('\\', '/');
    const row = layers.find((candidate) => candidate.path.test(path));
    const check = (node, source, typeOnly) => {
      if (!row || typeof source !== 'string') return;
      if (source.startsWith('node:')) {
        if (!row.node && !isTest(path)) {
          context.report({ node, message: `layer '${row.layer}' must not use Node: ${source}` });
        }
        return;
      }
      const target = layerOfPackage(source);
      if (target !== undefined) {
        const allowed =
          target === row.layer ||
          row.may.includes(target) ||
          (target === 'test' && isTest(path)) ||
          (typeOnly && row.may.includes(`${target}:type`));
        if (!allowed) {
          context.report({ node, message: `layer '${row.layer}' must not import ${source}` });
        }
        return;
      }
      if (source.startsWith('@tutti/')) {
        context.report({ node, message: `import the package, not a file inside it: ${source}` });
      }
      if (source.startsWith('.')) {
        const resolved = new URL(source, `file:///${path}`).pathname.slice(1);
        if (!row.path.test(resolved) && row.layer !== 'scripts') {
          context.report({ node, message: `a relative import must stay inside its layer: ${source}` });
        }
      }
    };
    return {
      Program(node) {
        if (!row) context.report({ node, message: `no row of scripts/lint/layers.js covers ${path}` });
      },
      ImportDeclaration(node) {
        check(node, node.source.value, node.importKind === 'type');
      },
      ExportNamedDeclaration(node) {
        if (node.source) check(node, node.source.value, node.exportKind === 'type');
      },
      ExportAllDeclaration(node) {
        check(node, node.source.value, node.exportKind === 'type');
      },
      ImportExpression(node) {
        check(node, node.source.value, false);
      },
      ExportDefaultDeclaration(node) {
        if (!/^[^/]+\.config\.js$/.test(path)) {
          context.report({ node, message: 'no default exports: a name is part of the interface' });
        }
      },
    };
  },
};
