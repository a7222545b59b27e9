// Starts the demo as a person does, looks at both of its pages, and stops it as Ctrl+C does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

const demo = spawn('npm', ['run', 'demo'], {
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(demo, 'exit').then(() => 'ended');
let output = '';
demo.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  output += chunk;
});

try {
  const urls = await until(180_000, 'the demo to print the URLs of its two pages', () => {
    // eslint-disable-next-line no-control-regex -- the colours of a terminal end a URL
    const found = new Set(output.match(/https?:\/\/[^\s\x1b]+/g));
    return found.size >= 2 ? [...found] : null;
  });
  const pages = await until(60_000, 'two pages to answer', async () => {
    const answers = await Promise.all(urls.map(isPage));
    const found = urls.filter((_url, index) => answers[index]);
    return found.length >= 2 ? found : null;
  });
  console.log(`The demo answers: ${pages.join(' ')}`);
} finally {
  stop('SIGINT');
  if ((await Promise.race([ended, wait(20_000)])) !== 'ended') {
    stop('SIGKILL');
    process.exitCode = 1;
    console.error('The demo did not stop when it was asked to.');
  }
}

async function isPage(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return answer.ok && (answer.headers.get('content-type') ?? '').startsWith('text/html');
  } catch {
    return false;
  }
}

async function until(ms, what, look) {
  const deadline = Date.now() + ms;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    if (demo.exitCode !== null) throw new Error(`The demo ended while we waited for ${what}.`);
    await wait(200);
  }
  throw new Error(`Waited ${ms / 1000} s in vain for ${what}.`);
}

function stop(signal) {
  // npm and what it started are a process group of their own.
  if (demo.exitCode === null) process.kill(-demo.pid, signal);
}
