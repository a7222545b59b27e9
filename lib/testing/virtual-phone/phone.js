/** The page of the virtual phone: shows what the emulator says and sends it what the customer does. */

import { element, follow, post } from './page.js';

const byId = (id) => document.getElementById(id);
const page = Object.fromEntries(
  [
    ...[
      'tabs',
      'screen',
      'clock',
      'clock-small',
      'date',
      'number',
      'network',
      'idle',
      'messages',
      'pin-hint',
    ],
    ...[
      'backdrop',
      'prompt',
      'prompt-form',
      'prompt-text',
      'pin-help',
      'prompt-error',
      'countdown',
    ],
    ...['countdown-bar', 'pin', 'dots', 'keypad', 'cancel', 'ignore', 'offline', 'announcer'],
  ].map((id) => [id, byId(id)]),
);

let state = { phones: [], pinHint: '' };
/** Number of the phone in the hand. */
let selected = null;
/** The prompt on the screen. */
let prompt = null;
/** Ids of the prompts, messages and notes that were on the screen before. */
const seen = new Set();

const OUTCOMES = {
  'wrong-pin': 'wrong PIN',
  cancelled: 'you cancelled',
  ignored: 'you let it ring',
  expired: 'no answer in time',
  failed: 'did not go through',
};

const money = (amount) => `KES ${new Intl.NumberFormat('en-KE').format(amount)}`;
const local = (number) => number.replace(/^254(\d{3})(\d{3})(\d{3})$/, '0$1 $2 $3');
const time = (date) => date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

const isRinging = (candidate) => candidate.status === 'ringing';
const ringingOn = (phone) => phone.prompts.find(isRinging);
const phoneInHand = () => state.phones.find((phone) => phone.phoneNumber === selected);

function render() {
  reachForThePhone();
  page['pin-hint'].textContent = state.pinHint;
  page['pin-help'].textContent = `The PIN of this phone is ${state.pinHint}`;
  renderTabs();
  renderMessages();
  renderPrompt();
  const waiting = state.phones.filter(ringingOn).length;
  document.title = waiting ? `(${waiting}) Virtual phone` : 'Virtual phone';
}

/** Takes the phone that begins to ring, or goes on ringing when one was answered; else stays. */
function reachForThePhone() {
  const inHand = phoneInHand();
  if (inHand && ringingOn(inHand)) return;
  const ringing = state.phones.filter(ringingOn);
  const next = prompt ? ringing[0] : ringing.find((phone) => !seen.has(ringingOn(phone).id));
  selected = (next ?? inHand ?? state.phones.at(-1))?.phoneNumber ?? null;
}

function renderTabs() {
  page.tabs.hidden = state.phones.length < 2;
  const hadFocus = page.tabs.contains(document.activeElement);
  page.tabs.replaceChildren(
    ...state.phones.map((phone) => {
      const isSelected = phone.phoneNumber === selected;
      const tab = element('button', ringingOn(phone) ? 'ringing' : '', local(phone.phoneNumber));
      tab.type = 'button';
      tab.role = 'tab';
      tab.ariaSelected = String(isSelected);
      tab.tabIndex = isSelected ? 0 : -1;
      tab.setAttribute('aria-controls', 'screen');
      if (ringingOn(phone)) tab.append(element('span', 'visually-hidden', ' (ringing)'));
      tab.addEventListener('click', () => pickUp(phone.phoneNumber));
      return tab;
    }),
  );
  const tab = page.tabs.querySelector('[aria-selected="true"]');
  if (hadFocus) tab?.focus();
  if (tab) page.tabs.scrollLeft = tab.offsetLeft - (page.tabs.clientWidth - tab.offsetWidth) / 2;
}

function pickUp(phoneNumber) {
  selected = phoneNumber;
  renderTabs();
  renderMessages();
  renderPrompt();
  page.tabs.querySelector('[aria-selected="true"]').focus();
}

page.network.addEventListener('click', () => {
  const { phoneNumber, reachable } = phoneInHand();
  void post(`/phone/api/phones/${phoneNumber}/network`, { reachable: !reachable });
});

page.tabs.addEventListener('keydown', (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const at = state.phones.findIndex((phone) => phone.phoneNumber === selected);
  pickUp(state.phones.at((at + step) % state.phones.length).phoneNumber);
});

function renderMessages() {
  const phone = phoneInHand();
  const messages = (phone?.messages ?? []).map(({ id, at, text }) => ({ id, at, text, sms: true }));
  const notes = (phone?.prompts ?? [])
    .filter(({ status }) => status in OUTCOMES)
    .map((past) => ({
      id: `${past.id}:${past.status}`,
      at: past.createdAt,
      text: `${money(past.amount)} to ${past.merchant}: ${OUTCOMES[past.status]}`,
    }));
  const items = [...messages, ...notes].sort((a, b) => b.at.localeCompare(a.at));
  page.number.hidden = !phone;
  page.number.textContent = phone ? local(phone.phoneNumber) : '';
  page.network.hidden = !phone;
  page.network.ariaPressed = String(phone?.reachable === false);
  page.idle.hidden = items.length > 0;
  page.messages.replaceChildren(
    ...items.map((item) => (item.sms ? smsCard(item) : noteLine(item))),
  );
  const fresh = items.filter(({ id }) => !seen.has(id));
  for (const { id } of fresh) seen.add(id);
  if (fresh.length > 0) page.announcer.textContent = fresh.map(({ text }) => text).join('. ');
}

function smsCard({ id, at, text }) {
  const avatar = element('span', 'avatar', 'M');
  avatar.ariaHidden = 'true';
  const when = element('time', '', time(new Date(at)));
  when.dateTime = at;
  const head = element('header', '', avatar, element('strong', '', 'MPESA'), when);
  return element('li', seen.has(id) ? 'message' : 'message new', head, element('p', '', text));
}

const noteLine = ({ text }) => element('li', 'note', text);

function renderPrompt() {
  const phone = phoneInHand();
  const next = (phone && ringingOn(phone)) ?? null;
  if (next?.id === prompt?.id) return;
  const wasInPrompt = page.prompt.contains(document.activeElement);
  prompt = next;
  page.backdrop.hidden = !prompt;
  setPin('');
  setBusy(false);
  page['prompt-error'].textContent = '';
  if (!prompt) {
    if (wasInPrompt) page.screen.focus();
    return;
  }
  page['prompt-text'].replaceChildren(
    'Do you want to pay ',
    element('b', '', money(prompt.amount)),
    ` to ${prompt.merchant}, account ${prompt.accountReference}?`,
  );
  seen.add(prompt.id);
  tick();
  page.pin.focus();
}

function setPin(pin) {
  const length = state.pinHint.length || 4;
  page.pin.value = pin.replace(/\D/g, '').slice(0, length);
  page.pin.maxLength = length;
  page.dots.replaceChildren(
    ...Array.from({ length }, (_, at) => element('i', at < page.pin.value.length ? 'filled' : '')),
  );
}

function setBusy(busy) {
  page['prompt-form'].ariaBusy = String(busy);
  for (const button of page['prompt-form'].querySelectorAll('button')) button.disabled = busy;
}

async function answer(action, body = {}) {
  const { id } = prompt;
  setBusy(true);
  page['prompt-error'].textContent = '';
  try {
    await post(`/phone/api/prompts/${encodeURIComponent(id)}/${action}`, body);
  } catch (error) {
    if (prompt?.id !== id) return;
    setBusy(false);
    page['prompt-error'].textContent = error.message;
  }
}

page['prompt-form'].addEventListener('submit', (event) => {
  event.preventDefault();
  void answer('pin', { pin: page.pin.value });
});
page.cancel.addEventListener('click', () => void answer('cancel'));
page.ignore.addEventListener('click', () => void answer('ignore'));
page.prompt.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') void answer('cancel');
});
page.pin.addEventListener('input', () => setPin(page.pin.value));

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'Clear', '0', 'Delete'];
page.keypad.append(
  ...KEYS.map((key) => {
    const button = element('button', key.length > 1 ? 'word' : '', key);
    button.type = 'button';
    button.addEventListener('click', () => press(key));
    return button;
  }),
);

function press(key) {
  if (key === 'Clear') setPin('');
  else if (key === 'Delete') setPin(page.pin.value.slice(0, -1));
  else setPin(page.pin.value + key);
}

function tick() {
  const now = new Date();
  page.clock.textContent = page['clock-small'].textContent = time(now);
  page.date.textContent = now.toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
  if (!prompt) return;
  const left = Math.max(0, Date.parse(prompt.expiresAt) - now);
  const lifetime = Date.parse(prompt.expiresAt) - Date.parse(prompt.createdAt);
  page.countdown.textContent = `${Math.ceil(left / 1000)} s left`;
  page['countdown-bar'].style.transform = `scaleX(${Math.min(1, left / lifetime)})`;
  page.prompt.classList.toggle('soon', left < 10_000);
}

follow('/phone/api/events', page.offline, (next) => {
  state = next;
  render();
});

setPin('');
tick();
setInterval(tick, 250);
