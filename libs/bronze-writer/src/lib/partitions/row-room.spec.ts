import { createLake, copyRows, type Lake } from '../readers.fixture.js';
import { createRowRoom, type BronzeReport, type RowRoom } from '../../index.js';

const columns = [
  { name: 'id', type: 'bigint' },
  { name: 'day', type: 'date' },
  { name: 'text', type: 'text' },
];
const rows = Array.from({ length: 4_000 }, (_, n) => [String(n), `2026-01-0${1 + (n % 3)}`, 'x'.repeat(1_000)]);
const OPTIONS = { partitionBy: 'day', memoryBytes: 3.2 * 2 ** 20, entity: 'a' };

describe('memory that loads share', () => {
  let lake: Lake;
  beforeEach(() => void (lake = createLake()));
  afterEach(() => lake.remove());
  const sums = ({ parts }: BronzeReport): string[] => parts.map(({ checksum }) => checksum);
  /** Each time one chunk of it was read, another load may go on. */
  const load = (room: RowRoom | undefined, day: string): Promise<BronzeReport> =>
    lake.copy(columns, chunks(), { ...OPTIONS, room, ingestionDate: day });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < rows.length; n += 100) {
      yield Buffer.from(copyRows(rows.slice(n, n + 100)));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('changes no byte of what each of them writes, however little it is', async () => {
    const alone = await load(undefined, '2026-03-01');
    const room = createRowRoom(64 * 1024);
    const beside = await Promise.all([load(room, '2026-03-02'), load(room, '2026-03-03'), load(room, '2026-03-04')]);
    expect(beside.map(sums)).toEqual([sums(alone), sums(alone), sums(alone)]);
    expect(beside.every(({ spilledBytes }) => spilledBytes > alone.spilledBytes)).toBe(true);
    expect(room.loads).toBe(0);
  });

  it('is all given to one that is alone, and half of it back for another', () => {
    const room = createRowRoom(64 * 1024);
    const chain = () => ({ first: -1, last: -1, used: 8 * 1024, bytes: 0 });
    const [row, ours, theirs] = [Buffer.alloc(8_000), chain(), chain()];
    let spilled = 0;
    const first = room.open(() => (spilled += first.drain(ours, Buffer.alloc(8_192), 0, 8_192)));
    const second = room.open(() => void second.drain(theirs, Buffer.alloc(8_192), 0, 8_192));
    for (let n = 0; n < 8; n++) first.append(ours, row, 0, row.length);
    expect(spilled).toBe(0);
    for (let n = 0; n < 4; n++) expect(second.append(theirs, row, 0, row.length)).toBe(true);
    expect([theirs.bytes, spilled]).toEqual([4 * 8_004, 4 * 8_192]);
    first.close();
    second.close();
  });

  it('has no place for a row above a share: that goes to the disk at once', () => {
    const room = createRowRoom(32 * 1024);
    const share = room.open(() => undefined);
    room.open(() => undefined);
    expect(share.append({ first: -1, last: -1, used: 8 * 1024, bytes: 0 }, Buffer.alloc(40_000), 0, 40_000)).toBe(false);
  });
});
