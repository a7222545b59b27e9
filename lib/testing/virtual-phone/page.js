/** What both pages do alike: make elements, ask the emulator, and hear from it. */

export const byId = (id) => document.getElementById(id);

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function button(onClick, ...children) {
  const made = element('button', '', ...children);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

/** @throws {Error} with what to show */
export async function post(path, body = {}) {
  let response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error('Not sent.');
  }
  if (!response.ok) throw new Error((await response.json()).message);
}

/** Calls `show` with each state, from the first on; `offline` is shown while there is no emulator. */
export function follow(path, offline, show) {
  const source = new EventSource(path);
  source.addEventListener('state', (event) => show(JSON.parse(event.data)));
  source.addEventListener('open', () => (offline.hidden = true));
  source.addEventListener('error', () => (offline.hidden = false));
}
