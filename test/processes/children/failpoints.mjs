// Ends or freezes this process, without a word, when it comes to a named point for the n-th time.

let armed = null;

/** @param {{ point: string, pass: number, action: 'kill' | 'freeze' }} trap */
export function arm(trap) {
  armed = { ...trap };
}

/** Every named place of the library and of the handlers comes by here. */
export function reached(point) {
  if (armed?.point !== point) return undefined;
  armed.pass -= 1;
  if (armed.pass > 0) return undefined;
  if (armed.action === 'kill') return die();
  armed = null;
  process.kill(process.pid, 'SIGSTOP');
  return undefined;
}

/** Nothing after this may happen: never resolves. */
export function die() {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}
