/** What was found out about a text of Daraja's. Holds no whole phone number, and no token. */
export interface Explanation {
  kind: 'result-code' | 'callback' | 'query-answer' | 'push-answer' | 'error' | 'unreadable';
  /** False where the catalogue does not have it, or nobody could tell what it is. */
  known: boolean;
  /** What was found, by field: each kind has its own. */
  [field: string]: unknown;
}
