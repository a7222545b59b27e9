/** What the phone in the hand was sent, and what became of its prompts; the latest first. */

import { phoneInHand } from './hand.js';
import { byId, element } from './page.js';
import { money, time } from './words.js';

const OUTCOMES = {
  'wrong-pin': 'wrong PIN',
  cancelled: 'you cancelled',
  ignored: 'you let it ring',
  expired: 'no answer in time',
  failed: 'did not go through',
};

/** Ids of what was on the screen before. */
const seen = new Set();

export function renderMessages() {
  const phone = phoneInHand();
  const messages = (phone?.messages ?? []).map(({ id, at, text }) => ({ id, at, text, sms: true }));
  const notes = (phone?.prompts ?? []).filter(({ status }) => status in OUTCOMES).map(noteOf);
  const items = [...messages, ...notes].sort((a, b) => b.at.localeCompare(a.at));
  byId('idle').hidden = items.length > 0;
  byId('messages').replaceChildren(
    ...items.map((item) => (item.sms ? smsCard(item) : element('li', 'note', item.text))),
  );
  announce(items.filter(({ id }) => !seen.has(id)));
}

const noteOf = ({ id, status, createdAt, amount, merchant }) => ({
  id: `${id}:${status}`,
  at: createdAt,
  text: `${money(amount)} to ${merchant}: ${OUTCOMES[status]}`,
});

function smsCard({ id, at, text }) {
  const avatar = element('span', 'avatar', 'M');
  avatar.ariaHidden = 'true';
  const when = element('time', '', time(new Date(at)));
  when.dateTime = at;
  const head = element('header', '', avatar, element('strong', '', 'MPESA'), when);
  return element('li', seen.has(id) ? 'message' : 'message new', head, element('p', '', text));
}

function announce(fresh) {
  for (const { id } of fresh) seen.add(id);
  if (fresh.length > 0) byId('announcer').textContent = fresh.map(({ text }) => text).join('. ');
}
