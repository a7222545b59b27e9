/** What both pages use. */

export const byId = (id) => document.getElementById(id);

/** 1500 as "KES 1,500". */
export const money = (amount) => `KES ${new Intl.NumberFormat('en-KE').format(amount)}`;

/** An element with text: whatever a customer typed stays text. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** In the demo, tells where its virtual phone is. */
export async function showDemoHint() {
  const { phoneUrl } = await (await fetch('/demo')).json();
  if (!phoneUrl) return;
  byId('phone-link').href = phoneUrl;
  byId('demo').hidden = false;
}

/**
 * What the shop sends under `url`, live. A browser connects again by itself after a lost connection, and
 * gives up after an answer such as a proxy's 502: then a new one is opened.
 */
export function listen(url, onData, onOnline = () => {}) {
  let source;
  let timer;
  const open = () => {
    source = new EventSource(url);
    source.addEventListener('message', ({ data }) => onData(JSON.parse(data)));
    source.addEventListener('open', () => onOnline(true));
    source.addEventListener('error', () => {
      onOnline(false);
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, 2_000);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
