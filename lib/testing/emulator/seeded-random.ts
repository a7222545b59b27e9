/**
 * Numbers that are the same for the same seed. Each purpose draws from its own stream, so that one
 * more token request does not change the receipts. Not for secrets.
 */
export class SeededRandom {
  private state: number;

  constructor(seed: number, stream: string) {
    // FNV-1a over seed and stream name.
    let hash = 0x811c9dc5;
    for (const character of `${seed}:${stream}`) {
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    }
    this.state = hash >>> 0;
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  text(length: number, alphabet: string): string {
    let text = '';
    for (let i = 0; i < length; i += 1)
      text += alphabet.charAt(this.between(0, alphabet.length - 1));
    return text;
  }
}
