/** The phones that there are, the one in the hand, and the prompt on its screen. */

export const hand = { phones: [], pinHint: '', phoneNumber: null, prompt: null };

/** Ids of the prompts that were on the screen before. */
const seen = new Set();

export const ringingOn = (phone) => phone.prompts.find(({ status }) => status === 'ringing');

export const phoneInHand = () =>
  hand.phones.find(({ phoneNumber }) => phoneNumber === hand.phoneNumber);

/** Takes the phone that begins to ring, or goes on ringing when one was answered; else stays. */
export function reachForThePhone() {
  const inHand = phoneInHand();
  if (inHand && ringingOn(inHand)) return;
  const ringing = hand.phones.filter(ringingOn);
  const next = hand.prompt ? ringing[0] : ringing.find((phone) => !seen.has(ringingOn(phone).id));
  hand.phoneNumber = (next ?? inHand ?? hand.phones.at(-1))?.phoneNumber ?? null;
}

/** Brings the prompt of the phone in the hand to its screen. False where that one is there already. */
export function takePrompt() {
  const phone = phoneInHand();
  const next = (phone && ringingOn(phone)) ?? null;
  if (next?.id === hand.prompt?.id) return false;
  hand.prompt = next;
  if (next) seen.add(next.id);
  return true;
}
