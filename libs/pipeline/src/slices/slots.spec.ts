import { createSlots } from './slots.js';

/** Takes a place and notes it; gives how to free it again. */
function at(slots: ReturnType<typeof createSlots>, taken: string[]) {
  const free = new Map<string, (() => void)[]>();
  return {
    ask: (stream: string, count: number): void => {
      for (let n = 0; n < count; n += 1) {
        void slots.take(stream).then((release) => {
          taken.push(stream);
          free.set(stream, [...(free.get(stream) ?? []), release]);
        });
      }
    },
    async end(stream: string): Promise<void> {
      free.get(stream)?.shift()?.();
      await turn();
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('places for slices', () => {
  it('are no more for one stream, and for all of them, than is allowed', async () => {
    const taken: string[] = [];
    const { ask, end } = at(createSlots({ perStream: 2, overall: 3 }), taken);
    ask('a', 5);
    ask('b', 5);
    await turn();
    expect(taken).toEqual(['a', 'a', 'b']);
    await end('a');
    expect(taken).toEqual(['a', 'a', 'b', 'a']);
  });

  it('that become free go to the stream with the fewest in flight, so that a slow one can not have them all', async () => {
    const taken: string[] = [];
    const { ask, end } = at(createSlots({ perStream: 4, overall: 4 }), taken);
    ask('slow', 10);
    await turn();
    ask('fast', 3);
    ask('late', 3);
    expect(taken).toEqual(['slow', 'slow', 'slow', 'slow']);
    await end('slow');
    await end('slow');
    await end('slow');
    expect(taken.slice(4)).toEqual(['fast', 'late', 'slow']);
    await end('fast');
    await end('late');
    expect(taken.slice(7)).toEqual(['fast', 'late']);
    // With as many in flight it is the turn of the one that has waited longest.
    await end('slow');
    expect(taken.slice(9)).toEqual(['slow']);
  });
});
