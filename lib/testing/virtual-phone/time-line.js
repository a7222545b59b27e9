/** What went over the wire, the latest first. */

import { button, byId, element } from './page.js';

const time = (at) => new Date(at).toLocaleTimeString('en-GB');
const pretty = (body) => (typeof body === 'string' ? body : JSON.stringify(body, null, 2));

function bodyOf(title, body) {
  if (body === null) return [];
  const text = element('pre', '', pretty(body));
  text.tabIndex = 0;
  return [element('details', '', element('summary', '', title), text)];
}

function entryOf({ id, at, delivery, title, outcome, sent, answer }, sendAgain) {
  const when = element('time', 'when', time(at));
  when.dateTime = at;
  const head = element(
    'div',
    'entry-head',
    when,
    element('strong', '', title),
    element('span', 'outcome', outcome),
  );
  if (delivery !== null) {
    head.append(button(() => sendAgain(delivery), 'Send again'));
  }
  const className = delivery === null ? 'entry' : 'entry callback';
  const made = element('li', className, head, ...bodyOf('Sent', sent), ...bodyOf('Answer', answer));
  made.dataset.id = id;
  return made;
}

/** An entry that has not changed stays as it is, with what was opened in it and with the focus. */
export function renderTimeLine(entries, sendAgain) {
  byId('nothing-yet').hidden = entries.length > 0;
  const list = byId('time-line');
  const shown = new Map([...list.children].map((item) => [item.dataset.id, item]));
  const items = entries.map((entry) => {
    const text = JSON.stringify(entry);
    const old = shown.get(entry.id);
    if (old?.dataset.entry === text) return old;
    const made = entryOf(entry, sendAgain);
    made.dataset.entry = text;
    return made;
  });
  for (const [index, item] of items.entries()) {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  }
  while (list.childElementCount > items.length) list.lastElementChild.remove();
}
