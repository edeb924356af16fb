import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The four themes, as `data-theme` and `data-contrast` of the document. */
const themes = [
  ['dark', ''],
  ['light', ''],
  ['dark', 'high'],
  ['light', 'high'],
] as const;

/**
 * What axe finds on the page as it is, in each of the four themes. Structure does not depend on colours: looked at once.
 *
 * @param within selector: what is looked at
 */
export async function violationsInAllThemes(page: Page, where: string, within: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const found: string[] = [];
  for (const theme of themes) {
    await page.evaluate(([name, contrast]) => {
      const { dataset } = document.documentElement;
      dataset['theme'] = name;
      if (contrast) dataset['contrast'] = contrast;
      else delete dataset['contrast'];
    }, theme);
    const rules = theme === themes[0] ? '{}' : "{ runOnly: ['color-contrast'] }";
    // What separates two landmarks is in neither.
    const run = `axe.run({ include: ['${within}'], exclude: ['.sash'] }, { ...${rules}, resultTypes: ['violations'] })`;
    const { violations } = await page.evaluate<AxeResults>(run);
    for (const { id, nodes } of violations)
      for (const { html } of nodes) found.push(`${theme.join(' ')}, ${where}: ${id}: ${html}`);
  }
  return found;
}
