/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const swc = {
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

const config: Config = {
  testEnvironment: 'node',
  // Modules that a test has loaded stay in the memory of its worker.
  workerIdleMemoryLimit: '1GB',
  testMatch: ['<rootDir>/test/{unit,e2e,fuzz,services,processes,browser,simulation}/**/*.spec.ts'],
  testSequencer: '<rootDir>/test/support/longest-first.sequencer.js',
  reporters: ['default', '<rootDir>/test/support/left-out.reporter.js'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'cts', 'js', 'cjs', 'mjs', 'json', 'node'],
  moduleNameMapper: {
    '^nestjs-mpesa$': '<rootDir>/lib/index.ts',
    '^nestjs-mpesa/([a-z]+)$': '<rootDir>/lib/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^(\\.{1,2}/.*assets-directory)\\.cjs$': '$1.cts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/packages/apps/'],
  transform: {
    '\\.ts$': ['@swc/jest', { ...swc, module: { type: 'es6' } }],
    '\\.cts$': ['@swc/jest', { ...swc, module: { type: 'commonjs' } }],
  },
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'lib/**/*.ts',
    '!lib/{index,typeorm,testing,terminus,redis,microservices,opentelemetry}.ts',
  ],
};

export default config;
