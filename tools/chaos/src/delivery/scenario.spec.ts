import { STEPS } from './evidence.js';
import { scenarioOf, SPECIAL } from './scenario.js';
import { delivery } from './suite.js';
import { WEATHER_KINDS } from './weather.js';

const all = Array.from({ length: delivery.seeds }, (_, i) => scenarioOf(i + 1));
const troubles = all.flatMap(({ rounds }) => rounds.map(({ trouble }) => trouble));

describe('the scenarios of a storm', () => {
  it('follow from the seed alone', () => {
    expect(all.map(({ seed }) => scenarioOf(seed))).toEqual(all);
    expect(scenarioOf(1)).not.toEqual({ ...scenarioOf(2), seed: 1 });
  });

  it('kill at every named step, before it and after it', () => {
    const kills = new Set(
      troubles.flatMap((trouble) => {
        if (trouble.kind === 'kill at a step') return [`${trouble.at.when} ${trouble.at.step}`];
        return trouble.kind === 'phases on Lambda' ? [`${trouble.planKilled} slices listed`] : [];
      }),
    );
    expect([...kills].sort()).toEqual(STEPS.flatMap((step) => [`after ${step}`, `before ${step}`]).sort());
  });

  it('have every kind of trouble, in each of its forms', () => {
    expect([...new Set(troubles.map(({ kind }) => kind))].sort()).toEqual(['kill at a step', ...SPECIAL].sort());
    const forms = (pick: (trouble: (typeof troubles)[number]) => unknown): Set<unknown> => new Set(troubles.map(pick));
    expect(forms((trouble) => trouble.kind === 'resharding' && trouble.how)).toEqual(new Set([false, 'split', 'merge']));
    expect(forms((trouble) => trouble.kind === 'damaged checkpoints' && trouble.how)).toEqual(new Set([false, 'torn', 'nonsense']));
    expect(forms((trouble) => trouble.kind === 'changed source' && trouble.how)).toEqual(new Set([false, 'contents', 'records']));
    expect(forms((trouble) => trouble.kind === 'copies at once' && trouble.delaysMs.length)).toEqual(new Set([false, 1, 2]));
    expect(forms((trouble) => trouble.kind === 'cut off' && trouble.others)).toEqual(new Set([false, 0, 1]));
    expect(forms((trouble) => trouble.kind === 'paused process' && trouble.wakeAfterMs === undefined)).toEqual(new Set([false, true]));
    expect(forms((trouble) => trouble.kind === 'clock jump' && trouble.byMs > 0)).toEqual(new Set([false, true]));
  });

  it('have every kind of weather, both state stores, one shard and several, records that can not be delivered, and more than a batch takes', () => {
    expect(new Set(all.flatMap(({ rounds }) => rounds.flatMap(({ weather }) => Object.keys(weather))))).toEqual(new Set(WEATHER_KINDS));
    expect(new Set(all.map(({ store }) => store))).toEqual(new Set(['dynamodb', 's3']));
    expect(new Set(all.map(({ shards }) => shards))).toEqual(new Set([1, 2, 3]));
    expect(new Set(all.map(({ oddities }) => oddities.spoiled))).toEqual(new Set([true, false]));
    expect(new Set(all.map(({ oddities }) => oddities.crowd > 0))).toEqual(new Set([true, false]));
    expect(new Set(all.map(({ sourceStorm }) => Object.keys(sourceStorm).length > 0))).toEqual(new Set([true, false]));
  });

  it('leave most calls alone', () => {
    for (const { seed, rounds } of all)
      for (const { weather } of rounds) {
        const { 'Kinesis partial failure': partial = 0, ...rest } = weather;
        const sum = Object.values(rest).reduce((total, rate) => total + rate, 0);
        expect({ seed, partial: partial <= 0.8, sum: sum < 0.7 }).toEqual({ seed, partial: true, sum: true });
      }
  });
});
