import { byId, element, listen, money, showDemoHint } from './page.js';

const STATUS = { open: 'not paid', paid: 'paid', 'paid-late': 'paid late' };

const clock = (iso) => {
  const time = element('time', '', new Date(iso).toLocaleTimeString('en-GB'));
  time.dateTime = iso;
  return time;
};

function historyLine({ at, tone, text, textSw }) {
  const line = element('li', '', clock(at), element('span', '', text));
  line.dataset.tone = tone;
  if (textSw) {
    const swahili = element('span', '', textSw);
    swahili.lang = 'sw';
    line.append(swahili);
  }
  return line;
}

function paymentBlock({ phoneNumber, history }, at) {
  return element(
    'section',
    'payment',
    element('h3', '', `Payment ${at + 1}, ${phoneNumber}`),
    element('ol', 'history', ...history.map(historyLine)),
  );
}

function orderCard({ reference, amount, status, receipt, payments }) {
  const head = element(
    'div',
    'order-head',
    element('h2', '', reference),
    element('span', 'sum', money(amount)),
    element('span', `pill ${status}`, STATUS[status]),
  );
  const receiptLine = receipt ? [element('p', 'receipt', `Receipt ${receipt}`)] : [];
  return element('li', 'order', head, ...receiptLine, ...payments.map(paymentBlock));
}

const show = ({ orders, tasks }) => {
  byId('empty').hidden = orders.length > 0;
  byId('orders').replaceChildren(...orders.map(orderCard));
  byId('tasks').hidden = tasks.length === 0;
  byId('task-list').replaceChildren(
    ...tasks.map(({ reference, text }) => element('li', '', `${reference}: ${text}`)),
  );
};

listen('/orders/feed', show, (isOnline) => (byId('offline').hidden = isOnline));

void showDemoHint();
