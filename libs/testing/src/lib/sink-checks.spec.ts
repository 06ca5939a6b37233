import { FatalError, type Ack, type Batch, type Sink, type WriteResult } from '@loadin/pipeline';
import { sinkChecks } from './sink-checks.js';
import { LARGEST, underTest, type KitTarget } from './sink/kit-target.fixture.js';
import type { SinkChecksOptions } from './sink/sink-under-test.js';

const everything: SinkChecksOptions = {
  faults: ['error', 'lost-answer', 'throttle', 'hang', 'partial'],
  oversizeBytes: LARGEST,
  ordered: true,
  promptMs: 50,
};
const delivered = ({ records }: Batch): Ack[] => records.map(() => ({ status: 'delivered' }));

describe('sinkChecks', () => {
  it.each(sinkChecks(underTest(), everything))('a sink that keeps the promises: $name', ({ run }) => run());
  it.each(sinkChecks(underTest(), { ...everything, once: 'at-least' }))('a stream that keeps the promises: $name', ({ run }) => run());

  /** Names of the checks that fail, with what they say. */
  async function caught(change: (sink: Sink, target: KitTarget) => Partial<Sink>): Promise<Record<string, string>> {
    const failed: Record<string, string> = {};
    for (const { name, run } of sinkChecks(underTest(change), everything)) await run().catch((error: Error) => (failed[name] = error.message));
    return failed;
  }

  it('catches a sink that acknowledges before it writes', async () => {
    const early = await caught((sink) => ({
      async write(batch, options) {
        options.signal.throwIfAborted();
        sink.write(batch, options).catch(() => undefined);
        options.meter.add('requests', 1);
        options.meter.add('bytes_written', 1);
        return { acks: delivered(batch), objects: [] };
      },
    }));
    expect(Object.keys(early)).toEqual(
      expect.arrayContaining([
        'answers for every record, by index, once it is stored',
        'acknowledges nothing while the target has not answered, however much waits',
        'acknowledges nothing while the target fails, says why, and delivers later',
      ]),
    );
  });

  it('catches a sink that calls a part the whole', async () => {
    const whole = await caught((sink) => ({
      write: async (batch, options) => {
        const { acks } = await sink.write(batch, options);
        return { acks: acks.map((ack) => (ack.status === 'pending' ? { status: 'delivered' } : ack)), objects: [] };
      },
    }));
    expect(Object.keys(whole)).toEqual([
      'answers by index when only a part is taken: what is delivered is stored, the rest is pending with the reason',
    ]);
  });

  it('catches a sink that throws away what it knows of a part', async () => {
    const throwing = await caught((sink) => ({
      async write(batch, options): Promise<WriteResult> {
        const result = await sink.write(batch, options);
        if (result.error !== undefined) throw result.error;
        return result;
      },
    }));
    expect(Object.keys(throwing)).toEqual([
      'answers by index when only a part is taken: what is delivered is stored, the rest is pending with the reason',
    ]);
  });

  it('catches a sink that leaves out what is too large, so that the answers move', async () => {
    const moved = await caught((sink) => ({
      write: (batch, options) => sink.write({ ...batch, records: batch.records.filter(({ json }) => json.length <= LARGEST) }, options),
    }));
    expect(moved).toEqual({
      'answers for a record that is too large, alone and with the reason, and delivers the others': expect.stringContaining('acks'),
    });
  });

  it('catches a sink that does not hear of a cancellation under way', async () => {
    const deaf = await caught((sink) => ({
      write: async (batch, options) => {
        options.signal.throwIfAborted();
        return sink.write(batch, { ...options, signal: new AbortController().signal });
      },
    }));
    expect(Object.keys(deaf)).toEqual([
      'acknowledges nothing while the target has not answered, however much waits',
      'ends promptly when it is cancelled under way, with an error, and delivers later',
    ]);
  });

  it('catches a sink whose errors are not Loadin’s', async () => {
    const foreign = await caught((sink) => ({
      write: (batch, options) =>
        sink.write(batch, options).catch((error: unknown) => {
          throw options.signal.aborted ? error : new Error('ECONNRESET');
        }),
    }));
    expect(foreign['acknowledges nothing while the target fails, says why, and delivers later']).toContain('found Error: ECONNRESET');
  });

  it('catches a sink that is out of order after its first failure', async () => {
    let broken: unknown;
    const stuck = await caught((sink) => {
      broken = undefined;
      return {
        async write(batch, options) {
          if (broken !== undefined) throw broken;
          return sink.write(batch, options).catch((error: unknown) => {
            broken = options.signal.aborted ? undefined : error;
            throw error;
          });
        },
      };
    });
    expect(Object.keys(stuck)).toContain('goes on with other batches after one has failed');
  });

  it('catches a sink that turns the order of a key, changes its input, or mixes up runs', async () => {
    const turned = await caught((sink) => ({
      write: async (batch, options) => {
        const { acks, ...rest } = await sink.write({ ...batch, records: [...batch.records].reverse() }, options);
        return { ...rest, acks: [...acks].reverse() };
      },
    }));
    expect(Object.keys(turned)).toEqual(['stores the records of one id in their order']);
    const changing = await caught((sink) => ({
      write: (batch, options) => {
        batch.records.forEach((record) => Object.assign(record, { replayOf: 'x' }));
        return sink.write(batch, options);
      },
    }));
    expect(Object.keys(changing)).toContain('leaves the batch that it is given as it was');
    const mixed = await caught((_sink, target) => ({
      async write(batch, { signal, meter }) {
        signal.throwIfAborted();
        meter.add('requests', 1);
        meter.add('bytes_written', 1);
        await target.request(
          batch.records.map((_, index) => `${batch.part}-${index}`),
          batch.records,
          signal,
        );
        return { acks: delivered(batch), objects: [] };
      },
    }));
    expect(mixed['keeps runs, kinds of data, slices and parts apart']).toContain('ids that are stored');
  });

  it('catches a sink that stores a repeated batch twice, or knows it only as long as it lives', async () => {
    const twice = (memory: Map<string, true>) => (_sink: Sink, target: KitTarget) => ({
      async write(batch: Batch, { signal, meter }: Parameters<Sink['write']>[1]) {
        signal.throwIfAborted();
        meter.add('requests', 1);
        meter.add('bytes_written', 1);
        const fresh = batch.records.filter(({ id }) => !memory.has(`${batch.part}${id}`));
        fresh.forEach(({ id }) => memory.set(`${batch.part}${id}`, true));
        const from = target.rows.size;
        await target.request(
          fresh.map((_, index) => String(from + index)),
          fresh,
          signal,
        );
        return { acks: delivered(batch), objects: [] };
      },
    });
    const forgetful = await caught((sink, target) => twice(new Map())(sink, target));
    expect(forgetful['gives the same result when a batch is written again']).toBeUndefined();
    expect(forgetful['needs nothing of its earlier life: another process writes the same batch with the same result']).toContain('copies of');
  });

  it('catches a sink that can’t be closed twice', async () => {
    const once = await caught(() => {
      let closed = false;
      return {
        async close() {
          if (closed) throw new FatalError('it is closed');
          closed = true;
        },
      };
    });
    expect(Object.keys(once)).toEqual(expect.arrayContaining(['can be closed twice, and leaves what it acknowledged']));
  });

  it('says so when it is told of faults that the target can’t make', async () => {
    const [check] = sinkChecks(async () => ({ ...(await underTest()()), target: undefined }), { faults: ['error'] }).slice(-1);
    await expect(check?.run()).rejects.toThrow('needs `target`');
  });

  it('adds the checks of faults, of order and of large records only when asked', () => {
    const [few, all] = [sinkChecks(underTest()), sinkChecks(underTest(), everything)].map((checks) => checks.map(({ name }) => name));
    expect(all?.filter((name) => !few?.includes(name))).toHaveLength(9);
  });
});
