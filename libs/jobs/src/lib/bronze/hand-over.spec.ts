import { createHandOver } from './hand-over.js';

const bytes = (n: number): Uint8Array => Uint8Array.of(n);

describe('bytes that are handed over', () => {
  it('come one by one: who gives waits until they were used', async () => {
    const { body, give, end } = createHandOver();
    const events: string[] = [];
    const giving = (async () => {
      for (const n of [1, 2, 3]) {
        events.push(`gives ${n}`);
        await give(bytes(n));
      }
      end();
    })();
    for await (const [n] of body) events.push(`has ${n}`);
    await giving;
    expect(events).toEqual(['gives 1', 'has 1', 'gives 2', 'has 2', 'gives 3', 'has 3']);
  });

  it('are refused once nobody takes them, also those that wait', async () => {
    const { give, fail } = createHandOver();
    const waiting = give(bytes(1));
    fail(new Error('the upload is lost'));
    await expect(waiting).rejects.toThrow('the upload is lost');
    await expect(give(bytes(2))).rejects.toThrow('the upload is lost');
  });
});
