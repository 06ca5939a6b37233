import { createMemoryObjectStore, createMemoryStateStore, objectStoreChecks, stateStoreChecks } from '@loadin/testing';
import { overlayObjectStore, overlayStateStore } from './overlay.js';

describe('the state store of a dry run', () => {
  const overlay = overlayStateStore(createMemoryStateStore());
  it.each(stateStoreChecks(async () => overlay))('$name', ({ run }) => run());

  it('sees what is there, and leaves it as it is', async () => {
    const base = createMemoryStateStore();
    const revision = await base.put('checkpoint/a', { count: 1 }, null);
    const overlay = overlayStateStore(base);
    await overlay.put('checkpoint/a', { count: 2 }, (await overlay.get('checkpoint/a'))?.revision ?? null);
    await overlay.put('checkpoint/b', { count: 3 }, null);
    expect(await overlay.get('checkpoint/a')).toMatchObject({ value: { count: 2 } });
    const listed: unknown[] = [];
    for await (const { key, value } of overlay.list('checkpoint/')) listed.push([key, value]);
    expect(listed).toEqual([
      ['checkpoint/a', { count: 2 }],
      ['checkpoint/b', { count: 3 }],
    ]);
    expect(await base.get('checkpoint/a')).toEqual({ value: { count: 1 }, revision });
    expect(base.history).toHaveLength(1);
  });
});

describe('the object store of a dry run', () => {
  const overlay = overlayObjectStore(createMemoryObjectStore());
  it.each(objectStoreChecks(async () => overlay))('$name', ({ run }) => run());

  it('sees what is there, and leaves it as it is', async () => {
    const base = createMemoryObjectStore();
    await base.put('raw/a', Buffer.from('old'));
    const overlay = overlayObjectStore(base);
    expect(await overlay.putIfAbsent('raw/a', Buffer.from('new'))).toEqual({ created: false });
    await overlay.put('raw/a', Buffer.from('newer'));
    expect(Buffer.from((await overlay.get('raw/a')) ?? []).toString()).toBe('newer');
    expect(base.text('raw/a')).toBe('old');
  });
});
