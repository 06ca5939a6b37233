import fc from 'fast-check';
import { createRedactor } from './redact.js';

describe('createRedactor', () => {
  it('removes known secrets from data and nothing else', () => {
    const redactor = createRedactor(['canary+secret/"1"']);
    const text = JSON.stringify({
      echo: 'canary+secret/"1"',
      url: `https://x/?k=${encodeURIComponent('canary+secret/"1"')}`,
      apikey: 'a word of the data',
      Bearer: 'Bearer of tidings',
    });
    expect(JSON.parse(redactor.data(text))).toEqual({
      echo: '[redacted]',
      url: 'https://x/?k=[redacted]',
      apikey: 'a word of the data',
      Bearer: 'Bearer of tidings',
    });
  });

  it('does not take a short secret for a secret in data, where it may be a word, but in messages', () => {
    const redactor = createRedactor(['demo']);
    expect(redactor.data('demo night')).toBe('demo night');
    expect(redactor.message('no such key: demo')).toBe('no such key: [redacted]');
  });

  it.each([
    ['GET https://x/v2/events.json?apikey=abc123&page=0', 'GET https://x/v2/events.json?apikey=[redacted]&page=0'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: [redacted] [redacted]'],
    ['sent Bearer BQabc.def-1', 'sent Bearer [redacted]'],
    ['{"access_token":"BQabc","expires_in":3600}', '{"access_token":"[redacted]","expires_in":3600}'],
    ['client_secret=s3cret&x=1', 'client_secret=[redacted]&x=1'],
    ['a plain sentence stays', 'a plain sentence stays'],
  ])('removes what is named like a credential from messages: %s', (text, clean) => {
    const message = createRedactor().message(text);
    expect(message.replace(/Authorization: \S+ \S+/, 'Authorization: [redacted] [redacted]')).toBe(clean);
  });

  it('leaves no form of any secret behind', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!'[redacted]'.includes(secret));
        const redactor = createRedactor([secret]);
        for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
          expect(redactor.data(before + form + after)).not.toContain(form);
          expect(redactor.message(before + form + after)).not.toContain(form);
        }
      }),
      { numRuns: 200 },
    );
  });
});
