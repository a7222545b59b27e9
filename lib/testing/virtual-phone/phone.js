/** The page of the virtual phone: shows what the emulator says and sends it what the customer does. */

import { hand, phoneInHand, reachForThePhone, ringingOn } from './hand.js';
import { renderMessages } from './messages.js';
import { byId, follow, post } from './page.js';
import { countDown, renderPrompt } from './prompt.js';
import { focusTab, listenToArrows, renderTabs } from './tabs.js';
import { local, time } from './words.js';

function render() {
  renderTabs(pickUp);
  renderHome();
  renderMessages();
  renderPrompt();
  const waiting = hand.phones.filter(ringingOn).length;
  document.title = waiting ? `(${waiting}) Virtual phone` : 'Virtual phone';
}

function pickUp(phoneNumber) {
  hand.phoneNumber = phoneNumber;
  render();
  focusTab();
}

function renderHome() {
  const phone = phoneInHand();
  byId('pin-hint').textContent = hand.pinHint;
  byId('pin-help').textContent = `The PIN of this phone is ${hand.pinHint}`;
  byId('number').hidden = byId('network').hidden = !phone;
  byId('number').textContent = phone ? local(phone.phoneNumber) : '';
  byId('network').ariaPressed = String(phone?.reachable === false);
}

function tick() {
  const now = new Date();
  byId('clock').textContent = byId('clock-small').textContent = time(now);
  byId('date').textContent = now.toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
  countDown(now);
}

byId('network').addEventListener('click', () => {
  const { phoneNumber, reachable } = phoneInHand();
  void post(`/phone/api/phones/${phoneNumber}/network`, { reachable: !reachable });
});
listenToArrows(pickUp);

follow('/phone/api/events', byId('offline'), ({ phones, pinHint }) => {
  Object.assign(hand, { phones, pinHint });
  reachForThePhone();
  render();
});
tick();
setInterval(tick, 250);
