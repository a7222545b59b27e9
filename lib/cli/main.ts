#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { run } from './run.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stop.abort();
  });
}

void run(process.argv.slice(2), {
  write: (output) => {
    process.stdout.write(output);
  },
  writeError: (output) => {
    process.stderr.write(output);
  },
  isInteractive: process.stdin.isTTY,
  // On standard error, so that standard output is the result and nothing else.
  ask: async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    terminal.once('SIGINT', () => {
      stop.abort();
    });
    try {
      return await terminal.question(question, { signal: stop.signal });
    } finally {
      terminal.close();
    }
  },
  readInput: () => text(process.stdin),
  signal: stop.signal,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
