import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a test run with what was skipped and why, and `N passed, N failed, N skipped` alone on the last line. A file
 * that could not be loaded and an error outside any test count as failures; a run in which nothing passed is one.
 */
export const closingLine: Reporter = {
  onTestRunEnd(modules, unhandled, outcome) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const seen =
      tests.filter((test) => test.result().state === 'failed').length +
      modules.filter(failedOutsideTests).length +
      unhandled.length;
    // A run that failed before there was a test, in a global setup, still has something to count.
    const failed = outcome === 'passed' && passed > 0 ? seen : Math.max(1, seen);
    if (failed > 0) process.exitCode = 1;
    // At the very end: the default reporter's own summary comes after this call.
    process.once('exit', () => {
      for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}: ${reason(test)}\n`);
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
    });
  },
};

/** Itself or one of its suites: an import that fails, a beforeAll that throws. */
function failedOutsideTests(module: TestModule): boolean {
  return module.errors().length > 0 || [...module.children.allSuites()].some((suite) => suite.errors().length > 0);
}

function reason(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
}
