/** Ends a run by naming the suites that describeWith() left out, and why. */
export default class LeftOutReporter {
  onRunComplete(_contexts, results) {
    const titles = results.testResults
      .flatMap((file) => file.testResults.flatMap((test) => test.ancestorTitles))
      .filter((title) => / \[left out: .*\]$/.test(title));
    if (titles.length === 0) return;
    const lines = [...new Set(titles)].map((title) => `  ${title}\n`);
    const text = `\nLeft out of this run (MPESA_TEST_SERVICES=required makes it a failure, save for what must be compiled):\n`;
    // Jest's own summary comes after all reporters: only the exit is later.
    process.once('exit', () => process.stderr.write(text + lines.join('')));
  }
}
