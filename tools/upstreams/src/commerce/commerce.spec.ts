import { createCommerce } from './commerce.js';

const day = 86_400_000;
const start = Date.parse('2026-03-01T00:00:00Z');
const { payments, shipments } = createCommerce({ seed: 1, baseDate: '2026-03-01' });
const tables = [
  ['payments', payments.at, (row: object) => (row as { payment_id: string }).payment_id],
  ['shipments', shipments.at, (row: object) => (row as { shipment_id: string }).shipment_id],
] as const;

describe.each(tables)('%s', (_name, at, idOf) => {
  const byId = (now: number) => new Map(at(now).map((row) => [idOf(row), row]));

  it('are the same at the same instant, for the same seed, in whatever order instants are asked for', () => {
    const then = structuredClone(at(start));
    at(start + day);
    expect(at(start)).toEqual(then);
    const other = createCommerce({ seed: 2, baseDate: '2026-03-01' });
    expect(other.payments.at(start)).not.toEqual(payments.at(start));
    expect(createCommerce({ seed: 1, baseDate: '2026-03-01' }).payments.at(start)).toEqual(payments.at(start));
  });

  it('come in the order of their last change, each once, none from the future', () => {
    const rows = at(start);
    expect(rows.length).toBeGreaterThan(900);
    expect(new Set(rows.map(idOf)).size).toBe(rows.length);
    const times = rows.map(({ updated_at: text }) => Date.parse(text));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(start);
  });

  it('become more, change, and never change back', () => {
    const [before, after] = [byId(start), byId(start + day)];
    const changed = [...before].filter(([id, row]) => after.get(id)?.updated_at !== row.updated_at);
    expect(after.size - before.size).toBeGreaterThan(90);
    expect(changed.length).toBeGreaterThan(50);
    for (const [id, row] of before) expect(Date.parse(after.get(id)?.updated_at ?? '')).toBeGreaterThanOrEqual(Date.parse(row.updated_at));
  });

  it('have many with one and the same time: more than half of a page', () => {
    const counts = new Map<string, number>();
    for (const { updated_at: text } of at(start)) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBeGreaterThan(50);
  });

  it('are written late at times: minutes after later ones, ten at most', () => {
    let late = 0;
    for (let now = start + day / 2; now < start + day; now += 5 * 60_000) {
      const seen = at(now);
      const latest = Date.parse(seen.at(-1)?.updated_at ?? '');
      const known = new Map(seen.map((row) => [idOf(row), row.updated_at]));
      for (const row of at(now + 5 * 60_000)) {
        if (known.get(idOf(row)) === row.updated_at || Date.parse(row.updated_at) >= latest) continue;
        late += 1;
        expect(latest - Date.parse(row.updated_at)).toBeLessThan(600_000);
      }
    }
    expect(late).toBeGreaterThan(0);
  });
});
