// The public declarations of our packages for authors of extensions, rolled up into one text: what `npm run pack:api`
// ships and what `npm run check` compares with core/api/api-report.md, so that a breaking change is seen in review.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import prettier from 'prettier';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const root = resolve(import.meta.dirname, '..');
const reportPath = join(root, 'core/api/api-report.md');
const headerFolder = join(root, 'native/include/tutti');
const workspaces = ['base', 'model', 'api', 'common'];

/**
 * One .d.ts of everything that a workspace exports.
 * @param {string} entry path of its index.ts below the root
 * @param {readonly string[]} external packages that stay imports
 * @returns {Promise<string>}
 */
export async function rollUpTypes(entry, external = []) {
  const inside = workspaces.filter((name) => !external.includes(`@tutti/${name}`));
  const paths = Object.fromEntries(
    inside.map((name) => [`@tutti/${name}`, [join(root, `core/${name}/src/index.ts`)]]),
  );
  const bundle = await rollup({
    input: join(root, entry),
    external: [...external, /^node:/],
    plugins: [
      dts({
        respectExternal: true,
        tsconfig: join(root, 'core/api/tsconfig.json'),
        compilerOptions: { composite: false, incremental: false, paths },
      }),
    ],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const { output } = await bundle.generate({ format: 'es' });
  const options = await prettier.resolveConfig(reportPath);
  return prettier.format(output[0].code, { ...options, parser: 'typescript' });
}

function withoutComments(source) {
  const lines = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').split('\n');
  return lines.filter((line) => line.trim() !== '').join('\n');
}

/** The report: declarations without their comments, so that it changes only when an author's code may have to. */
async function report() {
  const types = withoutComments(await rollUpTypes('core/api/src/index.ts'));
  const headers = readdirSync(headerFolder)
    .sort()
    .map((name) => withoutComments(readFileSync(join(headerFolder, name), 'utf8')));
  const options = await prettier.resolveConfig(reportPath);
  const text = `# Public declarations of @tutti/api

Written by \`npm run format\`, compared by \`npm run check\`. A line that goes or changes breaks extensions that exist: it wants a
new major version and an entry in CHANGELOG.md. Lines that are added break nobody.

\`\`\`ts
${types}
\`\`\`

The C headers of native plug-ins:

\`\`\`c
${headers.join('\n')}
\`\`\`
`;
  return prettier.format(text, { ...options, parser: 'markdown' });
}

/**
 * Compares the report with the code; with `fix` writes it.
 * @returns {Promise<string>} '' if they agree, otherwise what differs
 */
export async function checkApiReport(fix = false) {
  const now = await report();
  if (fix) {
    writeFileSync(reportPath, now);
    return '';
  }
  const before = readFileSync(reportPath, 'utf8');
  if (before === now) return '';
  const [old, fresh] = [before, now].map((text) => text.split('\n'));
  const gone = old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`);
  const added = fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [
    'core/api/api-report.md is not what core/api says. If that is meant: npm run format, and look at the difference',
    ...gone,
    ...added,
  ].join('\n');
}
