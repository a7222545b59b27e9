#!/usr/bin/env node
import { run } from './run.js';

const stopped = new Promise<void>((resolve) => {
  process.once('SIGINT', () => {
    resolve();
  });
  process.once('SIGTERM', () => {
    resolve();
  });
});

void run(process.argv.slice(2), {
  write: (text) => {
    process.stdout.write(text);
  },
  writeError: (text) => {
    process.stderr.write(text);
  },
  stopped,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
