// A folder's own tests take seconds a change, those of all three a quarter of a minute.
const folder = process.env.MPESA_TEST_MUTATED ?? '{attempts,callback,events}';

/** Mutation testing of what decides about money; `CONTRIBUTING.md` says how it is run. */
export default {
  mutate: [`lib/${folder}/**/*.ts`],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    configFile: 'jest.config.ts',
    config: {
      testMatch: [`<rootDir>/test/unit/${folder}/**/*.spec.ts`],
      // Every order of every piece of evidence takes minutes a mutant; the others name what breaks.
      testPathIgnorePatterns: ['decide-(order|exhaustive)'],
      reporters: [],
    },
    // Looks for tests by CommonJS's `require`, and finds none for ES modules.
    enableFindRelatedTests: false,
  },
  // Types are stripped unread; the type tests of `test/types` would not parse.
  disableTypeChecks: false,
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile: '.stryker/incremental.json',
  tempDirName: '.stryker/sandbox',
  ignorePatterns: ['dist', 'coverage', '*.tgz'],
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: '.stryker/report.html' },
  jsonReporter: { fileName: '.stryker/report.json' },
  thresholds: { high: 95, low: 90, break: null },
};
