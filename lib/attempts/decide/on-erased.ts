import { isFinal, withoutPersonalData } from '../personal-data.js';
import type { Draft } from './draft.js';

/** Only what is final: until then the number is what the money is asked of. */
export function onErased(draft: Draft): void {
  if (isFinal(draft.attempt)) draft.set(withoutPersonalData(draft.attempt));
}
