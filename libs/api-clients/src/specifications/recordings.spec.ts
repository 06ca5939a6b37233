import { join } from 'node:path';
import { isDataType } from '@loadin/transforms';
import { arrivalOf } from './arrivals.fixture.js';
import { misfits } from './fits.fixture.js';
import { recordedIn } from './recorded.fixture.js';
import { leavesOf, type Shape } from './shape.fixture.js';
import { rowFor, sourceFields } from './source-fields.fixture.js';
import { spotifyTypes, ticketmasterTypes, typedShapes } from './typed-shapes.fixture.js';

// Answers of the real services, where somebody has a folder of them; else synthetic ones of the same shapes.
const folder = process.env['LOADIN_RECORDINGS'] || join(import.meta.dirname, '../../../transforms/fixtures');

describe('recorded answers', () => {
  const shapes = new Map([...typedShapes(spotifyTypes), ...typedShapes(ticketmasterTypes)]);
  const recorded = recordedIn(folder);

  it.each(['SpotifyArtist', 'SpotifyTrack', 'SpotifyPaging', 'TicketmasterEvent', 'TicketmasterVenue', 'TicketmasterPaging'])('hold %s', (type) => {
    expect(recorded.filter((one) => one.type === type).length).toBeGreaterThan(0);
  });

  it('are what the types say: nothing of another kind, nothing missing, nothing that is not typed', () => {
    const wrong = recorded.flatMap(({ where, type, value }) => {
      const shape = shapes.get(type);
      return shape === undefined ? [`${where}: no type`] : misfits(shape, value).map((misfit) => `${where} ${misfit}`);
    });
    expect(wrong).toEqual([]);
  });

  it.each(sourceFields())('arrive as docs/reference/source-fields.md says: $type → $dataType', ({ type, dataType, rows }) => {
    const shape = shapes.get(type) as Shape;
    const leaves = leavesOf(shape);
    const wrong = recorded
      .filter((one) => one.type === type)
      .flatMap(({ where, value }) =>
        leaves.flatMap((leaf) => {
          const row = rowFor(rows, leaf) ?? { path: leaf, fields: [] };
          const arrival = isDataType(dataType) ? arrivalOf(shape, dataType, value, leaf, row) : undefined;
          if (arrival === undefined) return [];
          const { before, changed } = arrival;
          const elsewhere = changed.filter((field) => !row.fields.includes(field));
          // A value may be held back, and which of several counts may already be decided, for the reason that the line gives.
          const nowhere =
            changed.length === 0 &&
            row.fields.length > 0 &&
            (row.remark === undefined || (!row.remark.includes('decides') && row.fields.some((field) => before[field] !== null)));
          return elsewhere.length > 0 || nowhere
            ? [`${where} ${leaf}: ${changed.join(', ') || 'nothing'} changed, not ${row.fields.join(', ') || 'nothing'}`]
            : [];
        }),
      );
    expect(wrong).toEqual([]);
  });
});
