import { join } from 'node:path';
import { misfits } from './fits.fixture.js';
import { recordedIn } from './recorded.fixture.js';
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
});
