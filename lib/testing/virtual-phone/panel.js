/** The control panel: picks faults for the next pushes, and shows what went over the wire. */

import { button, byId, element, follow, post } from './page.js';
import { renderTimeLine } from './time-line.js';

const API = '/phone/api';

async function act(action, body, said) {
  byId('problem').textContent = '';
  try {
    await post(`${API}/${action}`, body);
    byId('announcer').textContent = said;
  } catch (error) {
    byId('problem').textContent = error.message;
  }
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

const sendAgain = (delivery) =>
  act(`deliveries/${delivery}/replay`, {}, 'The callback was sent again');

function renderScenarios(names) {
  if (byId('scenario').childElementCount === names.length) return;
  byId('scenario').replaceChildren(...names.map((name) => element('option', '', name)));
}

function renderNext(next) {
  byId('nothing-next').hidden = next.length > 0;
  byId('next').replaceChildren(...next.map((label) => element('li', '', label)));
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
  renderTimeLine(timeLine, sendAgain);
});
