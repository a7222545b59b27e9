/** A tab for each phone, where there are several. */

import { hand, ringingOn } from './hand.js';
import { button, byId, element } from './page.js';
import { local } from './words.js';

const tabs = byId('tabs');
const selectedTab = () => tabs.querySelector('[aria-selected="true"]');

/** `pickUp` is called with the number of the phone that somebody chose. */
export function renderTabs(pickUp) {
  tabs.hidden = hand.phones.length < 2;
  const hadFocus = tabs.contains(document.activeElement);
  tabs.replaceChildren(...hand.phones.map((phone) => tabOf(phone, pickUp)));
  const tab = selectedTab();
  if (hadFocus) tab?.focus();
  if (tab) tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
}

function tabOf(phone, pickUp) {
  const isSelected = phone.phoneNumber === hand.phoneNumber;
  const tab = button(() => pickUp(phone.phoneNumber), local(phone.phoneNumber));
  tab.role = 'tab';
  tab.ariaSelected = String(isSelected);
  tab.tabIndex = isSelected ? 0 : -1;
  tab.setAttribute('aria-controls', 'screen');
  if (ringingOn(phone)) {
    tab.className = 'ringing';
    tab.append(element('span', 'visually-hidden', ' (ringing)'));
  }
  return tab;
}

export const focusTab = () => selectedTab().focus();

/** The arrow keys go from tab to tab, and round. */
export function listenToArrows(pickUp) {
  tabs.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const at = hand.phones.findIndex(({ phoneNumber }) => phoneNumber === hand.phoneNumber);
    pickUp(hand.phones.at((at + step) % hand.phones.length).phoneNumber);
  });
}
