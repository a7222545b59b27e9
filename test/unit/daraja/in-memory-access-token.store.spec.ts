import { InMemoryAccessTokenStore } from '../../../lib/daraja/in-memory-access-token.store.js';

describe('InMemoryAccessTokenStore', () => {
  it('gives back what was set, by key', async () => {
    const store = new InMemoryAccessTokenStore();
    await store.set('a', { token: 't', expiresAt: 1 });
    expect(await store.get('a')).toEqual({ token: 't', expiresAt: 1 });
    expect(await store.get('b')).toBeNull();
  });

  it('deletes a token only while it is the stored one', async () => {
    const store = new InMemoryAccessTokenStore();
    await store.set('a', { token: 'new', expiresAt: 1 });
    await store.delete('a', 'old');
    expect(await store.get('a')).toMatchObject({ token: 'new' });
    await store.delete('a', 'new');
    expect(await store.get('a')).toBeNull();
  });

  it('has one holder of a claim, until that one releases it', async () => {
    const store = new InMemoryAccessTokenStore();
    expect(await store.claim('a', 'one')).toBe(true);
    expect(await store.claim('a', 'one')).toBe(true);
    expect(await store.claim('a', 'two')).toBe(false);
    expect(await store.claim('b', 'two')).toBe(true);
    await store.release('a', 'two');
    expect(await store.claim('a', 'two')).toBe(false);
    await store.release('a', 'one');
    expect(await store.claim('a', 'two')).toBe(true);
  });
});
