// What checks of build products have in common: their results in doctest's words, so that they count as tests.

/**
 * Runs every check, says which failed and why, and sets the exit code.
 * @param {ReadonlyArray<readonly [name: string, check: () => void]>} checks those that throw have failed
 */
export function summarize(checks) {
  let failed = 0;
  for (const [name, check] of checks) {
    try {
      check();
    } catch (error) {
      failed += 1;
      console.log(`TEST CASE: ${name}\nERROR: ${error.message}`);
    }
  }
  console.log(
    `[doctest] test cases: ${checks.length} | ${checks.length - failed} passed | ${failed} failed | 0 skipped`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
}

export function equal(value, expected) {
  if (value !== expected) throw new Error(`'${value}', not '${expected}'`);
}

export function contains(text, pattern) {
  if (!pattern.test(text)) throw new Error(`${pattern} is not in it: ${text.slice(0, 2000)}`);
}
