import { findDrift } from '../drift/find-drift.js';
import { block, LOAD } from '../inspect.fixture.js';
import { openCopyInspector } from '../inspector.js';
import type { Profile } from '../profile/types.js';
import { bar, sparkline } from './bars.js';
import { safeText } from './cells.js';
import { drawProfile } from './draw-profile.js';

const COLUMNS = [
  { name: 'id', type: 'bigint' },
  { name: 'status', type: 'text' },
  { name: 'updated_at', type: 'timestamp with time zone' },
  { name: 'note', type: 'text' },
];

async function profile(rows: number, note: string | null, scheduledTime = LOAD.scheduledTime): Promise<Profile> {
  const inspector = await openCopyInspector({ load: { ...LOAD, scheduledTime }, columns: COLUMNS });
  const at = (n: number) => new Date(Date.UTC(2026, 1, 1) + n * 3_600_000).toISOString().replace('T', ' ').replace('.000Z', '+00');
  inspector.inspectBlock(
    block(Array.from({ length: rows }, (_, n) => [String(n + 1), n % 4 === 0 ? 'paid' : 'open', at(n), n % 2 === 0 ? null : note])),
  );
  return (await inspector.finish()).profile as Profile;
}

describe('a profile on a terminal', () => {
  it('is a table with bars, the history of its rows, and what has drifted', async () => {
    const before = await profile(400, 'called', '2026-02-28T02:00:00Z');
    const now = await profile(800, null);
    expect(drawProfile(now, { before: { profile: before, drift: findDrift(before, now) }, rowsOfLoads: [100, 400, 800] })).toEqual([
      'orders · full load of 2026-03-01 02:00:00 UTC · 800 rows',
      'rows of the last 3 full loads ▁▄█ 100 to 800',
      '',
      'COLUMN      TYPE         NULLS          DISTINCT  LEAST                   MEDIAN               GREATEST                SHAPE',
      'id          bigint       –              ~790      1                       399                  800                     ████████████',
      'status      text         –              2         open                    4 bytes              paid                    █▃ open 75 % · paid 25 %',
      'updated_at  timestamptz  –              ~800      2026-02-01 00:00:00+00  2026-02-17 14:00:00  2026-03-06 07:00:00+00  ████████████',
      'note        text         100.0 % █████  0',
      '',
      'Drift against the full load of 2026-02-28 02:00:00 UTC:',
      '  800 rows after 400',
      '  note has 100 % nulls after 50 %',
    ]);
  });

  it('says when nothing has drifted, and paints only when it is told how', async () => {
    const one = await profile(300, 'x');
    const lines = drawProfile(one, { before: { profile: one, drift: [] }, paint: { quiet: (text) => `<${text}>`, warning: (text) => `!${text}` } });
    expect(lines.at(-1)).toBe('No drift against the full load of 2026-03-01 02:00:00 UTC.');
    expect(lines[2]).toMatch(/^<COLUMN.*>$/);
    expect(drawProfile(one).join('\n')).not.toContain('\u001b');
  });

  it('says how many values have no place in a distribution', async () => {
    const inspector = await openCopyInspector({ load: LOAD, columns: [{ name: 'score', type: 'double precision' }] });
    inspector.inspectBlock(block([['1'], ['NaN'], ['-Infinity'], ['2']]));
    const { profile: odd } = await inspector.finish();
    expect(drawProfile(odd as Profile).at(-1)).toMatch(/ 2 not finite$/);
  });

  it('marks what is estimated: different values of more rows than are sampled', async () => {
    const line = (lines: readonly string[]) => lines.find((text) => text.startsWith('status'));
    expect(line(drawProfile(await profile(8_192, null)))).toMatch(/ {2}2 {6}/);
    expect(line(drawProfile(await profile(8_193, null)))).toMatch(/ {2}~2 {5}/);
  });

  it('of no rows can be drawn', async () => {
    expect(drawProfile(await profile(0, null))).toContain('id          bigint       –      0');
  });

  it('writes out what could move the cursor or turn the text around', async () => {
    const inspector = await openCopyInspector({
      load: { ...LOAD, entity: 'or\u001b[2Jders' },
      columns: [{ name: 'a\u0007', type: 'te\u001b]0;xt' }],
    });
    inspector.inspectBlock(block([['\u001b[31mred\u202e'], ['\u009b2J']]));
    const { profile: hostile } = await inspector.finish();
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(drawProfile(hostile as Profile).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(safeText('a\u001bb')).toBe('a\\u{1b}b');
  });
});

describe('bars', () => {
  it('show something for what is not nothing', () => {
    expect(sparkline([0, 0.001, 50, 100])).toBe('▁▁▄█');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(['', '▏', '██▌', '█████']).toEqual([0, 0.001, 0.5, 1].map((share) => bar(share, 5)));
  });
});
