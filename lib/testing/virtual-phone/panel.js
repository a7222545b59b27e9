/** The control panel: picks faults for the next pushes, and shows what went over the wire. */

import { element, follow, post } from './page.js';

const API = '/phone/api';
const byId = (id) => document.getElementById(id);

async function act(action, body, said) {
  byId('problem').textContent = '';
  try {
    await post(`${API}/${action}`, body);
    byId('announcer').textContent = said;
  } catch (error) {
    byId('problem').textContent = error.message;
  }
}

function button(onClick, ...children) {
  const made = element('button', '', ...children);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

const putInLine = (scenario, label) =>
  act('next', { scenario }, `${label}: in line for the next push`);

function renderFaults(faults) {
  // They never change: the focus stays where it is.
  if (byId('faults').childElementCount === faults.length) return;
  byId('faults').replaceChildren(
    ...faults.map(({ name, label, hint }) =>
      element(
        'li',
        '',
        button(
          () => putInLine(name, label),
          element('strong', '', label),
          element('span', 'hint', hint),
        ),
      ),
    ),
  );
}

function renderScenarios(names) {
  if (byId('scenario').childElementCount === names.length) return;
  byId('scenario').replaceChildren(...names.map((name) => element('option', '', name)));
}

function renderNext(next) {
  byId('nothing-next').hidden = next.length > 0;
  byId('next').replaceChildren(...next.map((label) => element('li', '', label)));
}

const time = (at) => new Date(at).toLocaleTimeString('en-GB');
const pretty = (body) => (typeof body === 'string' ? body : JSON.stringify(body, null, 2));

function bodyOf(title, body) {
  if (body === null) return [];
  const text = element('pre', '', pretty(body));
  text.tabIndex = 0;
  return [element('details', '', element('summary', '', title), text)];
}

function entryOf({ id, at, delivery, title, outcome, sent, answer }) {
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
    const again = () => act(`deliveries/${delivery}/replay`, {}, 'The callback was sent again');
    head.append(button(again, 'Send again'));
  }
  const className = delivery === null ? 'entry' : 'entry callback';
  const made = element('li', className, head, ...bodyOf('Sent', sent), ...bodyOf('Answer', answer));
  made.dataset.id = id;
  return made;
}

/** An entry that has not changed stays as it is, with what was opened in it and with the focus. */
function renderTimeLine(entries) {
  byId('nothing-yet').hidden = entries.length > 0;
  const list = byId('time-line');
  const shown = new Map([...list.children].map((item) => [item.dataset.id, item]));
  const items = entries.map((entry) => {
    const text = JSON.stringify(entry);
    const old = shown.get(entry.id);
    if (old?.dataset.entry === text) return old;
    const made = entryOf(entry);
    made.dataset.entry = text;
    return made;
  });
  for (const [index, item] of items.entries()) {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  }
  while (list.childElementCount > items.length) list.lastElementChild.remove();
}

byId('scenarios').addEventListener('submit', (event) => {
  event.preventDefault();
  const { value } = byId('scenario');
  void putInLine(value, value);
});
byId('clear').addEventListener('click', () => act('next/clear', {}, 'The next push goes well'));
byId('revoke-tokens').addEventListener('click', () =>
  act('tokens/revoke', {}, 'All tokens are revoked'),
);

follow(`${API}/panel/events`, byId('offline'), ({ faults, scenarios, next, timeLine }) => {
  renderFaults(faults);
  renderScenarios(scenarios);
  renderNext(next);
  renderTimeLine(timeLine);
});
