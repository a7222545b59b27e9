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
