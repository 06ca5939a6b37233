import { block, LOAD } from '../inspect.fixture.js';
import { openCopyInspector } from '../inspector.js';
import { printProfile, profileKey, readProfile } from './profile-file.js';
import type { Profile } from './types.js';

describe('the file of a profile', () => {
  it('lies by entity and load, and is read as it was written', async () => {
    const inspector = await openCopyInspector({ load: LOAD, columns: [{ name: 'id', type: 'bigint' }] });
    inspector.inspectBlock(block([['1'], ['5']]));
    const { profile } = (await inspector.finish()) as { profile: Profile };
    expect(profileKey('orders', LOAD.ingestionId)).toBe('_loadin/profiles/orders/5b0c1c9e-7a53-5d0c-8a39-0a1f6ad3a002.json');
    expect(printProfile(profile)).toMatch(/^\{"format":"loadin.profile","version":1,[^\n]*\}\n$/);
    expect(readProfile(printProfile(profile), 'x')).toEqual(profile);
  });

  it.each([
    ['', 'no profile'],
    ['{}', 'no profile'],
    ['null', 'no profile'],
    ['{"format":"loadin.profile","version":2}', 'has version 2'],
    ['{"format":"loadin.profile","version":1,"rows":-1,"columns":[]}', 'not whole'],
    ['{"format":"loadin.profile","version":1,"rows":1,"columns":[{"name":"x"}]}', 'not whole'],
    ['{"format":"loadin.profile","version":1,"rows":1,"columns":[{"name":"x","kind":"text","nulls":0,"distinct":1,"shares":[null]}]}', 'not whole'],
  ])('that is none is refused: %s', (text, message) => {
    expect(() => readProfile(text, 's3://lake/p.json')).toThrow(
      expect.objectContaining({ name: 'FatalError', where: 's3://lake/p.json', message: expect.stringContaining(message) as string }) as Error,
    );
  });
});
