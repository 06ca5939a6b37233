import { LOAD_KILLS, LOAD_TROUBLES, loadScenarioOf } from './scenario.js';
import { bronze } from './suite.js';

describe('the scenarios of the storms over entities', () => {
  const scenarios = Array.from({ length: bronze.seeds }, (_, n) => loadScenarioOf(n + 1));

  it('are the same for the same seed', () => {
    expect(loadScenarioOf(12)).toEqual(loadScenarioOf(12));
    expect(loadScenarioOf(12)).not.toEqual(loadScenarioOf(13));
  });

  it('have every kill, every trouble and every loss within the seeds of a run', () => {
    const troubles = scenarios.flatMap(({ days }) => days.flatMap(({ rounds }) => rounds.map(({ trouble }) => trouble)));
    const kills = new Set(troubles.flatMap((trouble) => (trouble.kind === 'kill at a step' ? [`${trouble.at.when} ${trouble.at.step}`] : [])));
    expect([...kills].sort()).toEqual(LOAD_KILLS.map(({ when, step }) => `${when} ${step}`).sort());
    expect([...new Set(troubles.map(({ kind }) => kind))].sort()).toEqual([...LOAD_TROUBLES, 'kill at a step'].sort());
    expect([...new Set(scenarios.flatMap(({ days }) => days.flatMap(({ loss }) => loss ?? [])))].sort()).toEqual([
      'a checkpoint',
      'the sets',
      'the state',
    ]);
    expect(new Set(scenarios.flatMap(({ days }) => days.map(({ change }) => change))).size).toBe(4);
    expect(scenarios.some(({ days }) => days.some(({ abandoned }) => abandoned))).toBe(true);
  });
});
