/** A shorter one would be found in words that are none. */
const SHORTEST = 8;

/** Of this process, as its log is. */
const secrets = new Set<string>();

/** From now on the value is never shown in a log or an error of ours. */
export function keepSecret(value: unknown): void {
  if (typeof value === 'string' && value.length >= SHORTEST) secrets.add(value);
}

/** The text without the secrets of this process's configuration, as they are and as a URL has them. */
export function withoutKnownSecrets(text: string): string {
  let shown = text;
  for (const secret of secrets) {
    shown = shown.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***');
  }
  return shown;
}
