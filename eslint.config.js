import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { arrows } from './scripts/eslint-arrows.js';

const nodeGlobals = [
  'AbortSignal',
  'Buffer',
  'URL',
  'clearTimeout',
  'console',
  'fetch',
  'process',
  'setTimeout',
];

export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/', '.stryker/', 'docs/'] },
  {
    files: ['**/*.{ts,cts}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Nest's modules are often nothing but a decorator, or the name of a dynamic one.
      '@typescript-eslint/no-extraneous-class': [
        'error',
        { allowWithDecorator: true, allowEmpty: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest declares options, and class-transformer takes DTOs, as classes; both are plain objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // With isolatedModules and emitDecoratorMetadata a pure type has to be imported as one.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    },
  },
  {
    // By the checkout's tsconfig, which knows the package as lib: their own need it built.
    files: ['sample/**/*.ts', 'bench/**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: './tsconfig.json' } },
  },
  {
    files: ['lib/**/*.{ts,cts}'],
    plugins: { local: { rules: { arrows } } },
    rules: {
      'local/arrows': ['error', join(import.meta.dirname, 'lib')],
      'max-lines': ['error', 300],
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A wrong `!` fails the test, as it should; empty and async fakes, and Nest's untyped
      // getHttpServer(), are the daily bread of tests; expect(spy.method) does not call it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])),
    },
  },
  {
    // Scripts of pages.
    files: ['lib/testing/virtual-phone/*.js', 'sample/*/public/**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['document', 'window', 'location', 'navigator', 'EventSource', 'FormData', 'Intl']
          .concat(
            'setInterval',
            'clearInterval',
            'requestAnimationFrame',
            'history',
            'crypto',
            'Event',
          )
          .map((name) => [name, 'readonly']),
      ),
    },
  },
);
