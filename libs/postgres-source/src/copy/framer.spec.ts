import fc from 'fast-check';
import { createFramer } from './framer.js';

const message = (type: string, body: Buffer): Buffer => {
  const header = Buffer.alloc(5);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
};
const row = (text: string): Buffer => message('d', Buffer.from(`${text}\n`));

/** What comes out, in order: rows as text, other messages as type and body. */
function framed(chunks: readonly Buffer[]): string[] {
  const seen: string[] = [];
  const push = createFramer({
    rows: ({ bytes, count, starts, ends }) => {
      for (let i = 0; i < count; i += 1) seen.push(`row ${bytes.toString('utf8', starts[i], ends[i])}`);
    },
    message: (type, body) => seen.push(`${String.fromCharCode(type)} ${body.toString('utf8')}`),
  });
  chunks.forEach(push);
  return seen;
}

describe('createFramer', () => {
  it('gives rows and messages in their order, however the wire is cut (property)', () => {
    const messages = fc.array(
      fc.oneof(
        fc
          .string({ unit: fc.constantFrom('a', 'é', '\0', '\t', '\\', 'd', '😀'), maxLength: 40 })
          .map((text) => ({ bytes: row(text), seen: `row ${text}` })),
        fc.string({ maxLength: 10 }).map((text) => ({ bytes: message('N', Buffer.from(text)), seen: `N ${text}` })),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 50 }), (list, sizes) => {
        const wire = Buffer.concat(list.map(({ bytes }) => bytes));
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < wire.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          chunks.push(wire.subarray(at, at + size));
          at += size;
        }
        expect(framed(chunks)).toEqual(list.map(({ seen }) => seen));
      }),
      { seed: 42 },
    );
  });

  it('puts a row together that is larger than many chunks', () => {
    const long = 'x'.repeat(1_000_000);
    const wire = Buffer.concat([row('a'), row(long), row('b')]);
    const chunks = Array.from({ length: Math.ceil(wire.length / 65_536) }, (_, i) => wire.subarray(i * 65_536, (i + 1) * 65_536));
    expect(framed(chunks)).toEqual(['row a', `row ${long}`, 'row b']);
  });

  it('never writes into a block that it has given', () => {
    const blocks: { text: string; again: () => string }[] = [];
    const push = createFramer({
      rows: ({ bytes, starts, ends }) => {
        const again = (): string => bytes.toString('utf8', starts[0], ends[0]);
        blocks.push({ text: again(), again });
      },
      message: () => undefined,
    });
    const wire = Buffer.concat([row('first'), row('second'), row('third')]);
    for (let at = 0; at < wire.length; at += 7) push(Buffer.from(wire.subarray(at, at + 7)));
    expect(blocks.map(({ again }) => again())).toEqual(blocks.map(({ text }) => text));
    expect(blocks.map(({ text }) => text)).toEqual(['first', 'second', 'third']);
  });

  it('refuses what is no message, and a row without its end', () => {
    expect(() => framed([Buffer.from([0x64, 0, 0, 0, 3])])).toThrow("A message of 3 bytes is none of Postgres's");
    expect(() => framed([message('d', Buffer.from('abc'))])).toThrow('A row of COPY does not end with a newline');
  });
});
