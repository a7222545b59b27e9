/** The field of the PIN, its dots, and the keypad that types it. */

import { hand } from './hand.js';
import { button, byId, element } from './page.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'Clear', '0', 'Delete'];
const field = byId('pin');

export function setPin(pin) {
  const length = hand.pinHint.length || 4;
  field.value = pin.replace(/\D/g, '').slice(0, length);
  field.maxLength = length;
  byId('dots').replaceChildren(
    ...Array.from({ length }, (_, at) => element('i', at < field.value.length ? 'filled' : '')),
  );
}

function press(key) {
  if (key === 'Clear') setPin('');
  else if (key === 'Delete') setPin(field.value.slice(0, -1));
  else setPin(field.value + key);
}

field.addEventListener('input', () => setPin(field.value));
byId('keypad').append(
  ...KEYS.map((key) => {
    const made = button(() => press(key), key);
    if (key.length > 1) made.className = 'word';
    return made;
  }),
);
setPin('');
