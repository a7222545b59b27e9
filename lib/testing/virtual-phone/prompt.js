/** The payment request on the screen, and what the customer does about it. */

import { hand, takePrompt } from './hand.js';
import { byId, element, post } from './page.js';
import { setPin } from './pin.js';
import { money } from './words.js';

const dialog = byId('prompt');
const form = byId('prompt-form');
const problem = byId('prompt-error');

export function renderPrompt() {
  const wasInPrompt = dialog.contains(document.activeElement);
  if (!takePrompt()) return;
  const { prompt } = hand;
  byId('backdrop').hidden = !prompt;
  setPin('');
  setBusy(false);
  problem.textContent = '';
  if (!prompt) {
    if (wasInPrompt) byId('screen').focus();
    return;
  }
  byId('prompt-text').replaceChildren(
    'Do you want to pay ',
    element('b', '', money(prompt.amount)),
    ` to ${prompt.merchant}, account ${prompt.accountReference}?`,
  );
  countDown(Date.now());
  byId('pin').focus();
}

export function countDown(now) {
  if (!hand.prompt) return;
  const expiresAt = Date.parse(hand.prompt.expiresAt);
  const left = Math.max(0, expiresAt - now);
  const lifetime = expiresAt - Date.parse(hand.prompt.createdAt);
  byId('countdown').textContent = `${Math.ceil(left / 1000)} s left`;
  byId('countdown-bar').style.transform = `scaleX(${Math.min(1, left / lifetime)})`;
  dialog.classList.toggle('soon', left < 10_000);
}

function setBusy(busy) {
  form.ariaBusy = String(busy);
  for (const button of form.querySelectorAll('button')) button.disabled = busy;
}

async function answer(action, body = {}) {
  const { id } = hand.prompt;
  setBusy(true);
  problem.textContent = '';
  try {
    await post(`/phone/api/prompts/${encodeURIComponent(id)}/${action}`, body);
  } catch (error) {
    if (hand.prompt?.id !== id) return;
    setBusy(false);
    problem.textContent = error.message;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void answer('pin', { pin: byId('pin').value });
});
byId('cancel').addEventListener('click', () => void answer('cancel'));
byId('ignore').addEventListener('click', () => void answer('ignore'));
dialog.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') void answer('cancel');
});
