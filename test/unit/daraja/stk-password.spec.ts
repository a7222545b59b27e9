import { stkPassword } from '../../../lib/daraja/stk-password.js';
import { SECRETS } from './support.js';

describe('stkPassword', () => {
  it('is base64 of shortcode, passkey and the timestamp that it is sent with', () => {
    const instant = Date.UTC(2026, 10, 24, 7, 0, 5);
    const { Password, Timestamp } = stkPassword(
      { shortCode: '174379', passKey: SECRETS.passKey },
      instant,
    );
    expect(Timestamp).toBe('20261124100005');
    expect(Buffer.from(Password, 'base64').toString()).toBe(
      `174379${SECRETS.passKey}20261124100005`,
    );
  });

  it('reproduces the sample of the portal', () => {
    // Its Timestamp is 20160216165627.
    const instant = Date.UTC(2016, 1, 16, 13, 56, 27);
    expect(stkPassword({ shortCode: '174379', passKey: SECRETS.passKey }, instant).Password).toBe(
      'MTc0Mzc5YmZiMjc5ZjlhYTliZGJjZjE1OGU5N2RkNzFhNDY3Y2QyZTBjODkzMDU5YjEwZjc4ZTZiNzJhZGExZWQyYzkxOTIwMTYwMjE2MTY1NjI3',
    );
  });
});
