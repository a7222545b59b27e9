/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';
import base from '../../jest.config.ts';

/** The suites of the persistence once more, over the oldest line of TypeORM that we take. */
const config: Config = {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/services/typeorm-*.spec.ts'],
  moduleNameMapper: { ...base.moduleNameMapper, '^typeorm$': 'typeorm-0-3' },
};

export default config;
