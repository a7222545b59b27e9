import { byId, listen, money, showDemoHint } from './page.js';

const FIELD_HINTS = {
  phoneNumber: 'Enter a Kenyan mobile number, such as 0712 345 678.',
  amount: 'Whole shillings, from 1 to 250,000.',
};

const ANSWERS = {
  STK_ORDER_BUSY: 'A payment request for this order is on your phone already.',
  STK_ORDER_PAID: 'This order is paid already.',
};

/** The order on the page, as the server last told it. */
let order = null;
/** Ends the live news of that order. */
let stopNews = () => {};
/** One for each press of Pay; kept for a repeat where we do not know whether it got through. */
let idempotencyKey = crypto.randomUUID();

const typedAmount = () => {
  const text = byId('amount').value.replace(/[\s,]/g, '');
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
};

function showAmount() {
  const amount = typedAmount();
  byId('card-amount').textContent = amount ? money(amount) : 'KES';
  byId('pay').textContent = amount ? `Pay ${money(amount)} with M-PESA` : 'Pay with M-PESA';
  for (const chip of byId('chips').children) {
    chip.ariaPressed = String(Number(chip.dataset.amount) === amount);
  }
}

/** Another input is another order. */
byId('form').addEventListener('input', () => {
  idempotencyKey = crypto.randomUUID();
  showAmount();
});

byId('chips').addEventListener('click', ({ target }) => {
  if (!target.dataset.amount) return;
  byId('amount').value = target.dataset.amount;
  byId('form').dispatchEvent(new Event('input'));
});

byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void ask('/orders', { amount: typedAmount() }, byId('pay'), byId('form-error'));
});

byId('again').addEventListener('click', () => {
  void ask(`/orders/${order.id}/payments`, {}, byId('again'), byId('again-error'));
});

byId('restart').addEventListener('click', () => {
  stopNews();
  order = null;
  byId('status').hidden = true;
  byId('form').hidden = false;
  byId('phone').focus();
});

/** Has the phone asked. Pressed twice, or sent again after a lost answer, it asks once. */
async function ask(path, fields, button, errorLine) {
  const body = { ...fields, phoneNumber: byId('phone').value, idempotencyKey };
  const label = button.textContent;
  markFields([]);
  errorLine.hidden = true;
  button.disabled = true;
  button.textContent = 'Asking your phone\u2026';
  try {
    const answer = await post(path, body);
    idempotencyKey = crypto.randomUUID();
    follow(answer);
  } catch (error) {
    if (error.isFinal) idempotencyKey = crypto.randomUUID();
    markFields(error.fields ?? []);
    errorLine.textContent = error.message;
    errorLine.hidden = error.message === '';
  } finally {
    button.disabled = false;
    button.textContent = label;
  }
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error('We could not reach the shop. Press the button again: you pay once at most.');
  });
  const answer = await response.json().catch(() => ({ message: 'The shop has a problem.' }));
  if (response.ok) return answer;
  const words = [answer.message].flat().map((message) => message.split(' ')[0]);
  const fields = words.filter((word) => word in FIELD_HINTS);
  const message = fields.length > 0 ? '' : (ANSWERS[answer.code] ?? answer.message);
  // The shop knows that no phone was asked: the next press may ask anew.
  const isFinal = response.status < 500 || answer.code !== undefined;
  throw Object.assign(new Error(message), { isFinal, fields });
}

function markFields(fields) {
  for (const [field, id] of Object.entries({ amount: 'amount', phoneNumber: 'phone' })) {
    const isWrong = fields.includes(field);
    byId(id).ariaInvalid = String(isWrong);
    byId(`${id}-error`).textContent = isWrong ? FIELD_HINTS[field] : '';
  }
  if (fields.length > 0) byId(fields.includes('amount') ? 'amount' : 'phone').focus();
}

/** Shows the order, and what becomes of it for as long as the page is open. */
function follow(answer) {
  show(answer);
  byId('form').hidden = true;
  byId('status').hidden = false;
  byId('status-title').focus();
  stopNews();
  stopNews = listen(`/orders/${answer.id}/events`, show);
}

function show(view) {
  order = view;
  byId('mark').dataset.tone = view.tone;
  byId('status-title').textContent = view.title;
  byId('status-text').textContent = view.text;
  byId('status-sw').textContent = view.textSw ?? '';
  byId('reference').textContent = view.reference;
  byId('total').textContent = money(view.amount);
  byId('receipt').textContent = view.receipt ?? '';
  byId('receipt-row').hidden = !view.receipt;
  byId('again').hidden = !view.mayPayAgain;
  byId('restart').hidden = view.tone !== 'paid' && view.tone !== 'failed';
}

showAmount();
void showDemoHint();
