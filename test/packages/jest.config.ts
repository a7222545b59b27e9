/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';
import base from '../../jest.config.ts';

/** The suite of the packed package: what an application gets from the registry, in real applications. */
const config: Config = {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/packages/*.spec.ts'],
  globalSetup: '<rootDir>/test/packages/pack.setup.js',
  globalTeardown: '<rootDir>/test/packages/pack.teardown.js',
  // npm install and tsc on a busy machine.
  testTimeout: 300_000,
  maxWorkers: 2,
};

export default config;
