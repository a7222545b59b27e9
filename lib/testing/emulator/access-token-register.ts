import type { Agenda } from './agenda.js';
import type { DarajaIds } from './daraja-ids.js';

/** The tokens that hold: one for each consumer key, as a new one makes the one before it void. */
export class AccessTokenRegister {
  private readonly tokens = new Map<string, { token: string; expiresAt: number }>();

  constructor(
    private readonly agenda: Agenda,
    private readonly ids: DarajaIds,
    /** In ms. */
    readonly lifetimeMs: number,
  ) {}

  issue(consumerKey: string): string {
    const token = this.ids.accessToken();
    this.tokens.set(consumerKey, { token, expiresAt: this.agenda.now() + this.lifetimeMs });
    return token;
  }

  /** Whose token this is, if it holds. */
  consumerKeyOf(token: string): string | null {
    for (const [consumerKey, held] of this.tokens) {
      if (held.token === token && this.agenda.now() < held.expiresAt) return consumerKey;
    }
    return null;
  }

  revokeAll(): void {
    this.tokens.clear();
  }
}
