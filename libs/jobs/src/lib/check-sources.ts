import type { Need } from '@loadin/config';
import { line, type CheckLine } from './check-line.js';
import { openClients, type SourceContext } from './sources.js';

/** One call to each source that a job needs: are the credentials good, can it be reached? */
export async function* checkSources(needs: readonly Need[], context: SourceContext): AsyncGenerator<CheckLine> {
  const { spotify, ticketmaster, close } = openClients(context);
  const { endpoints } = context.settings;
  try {
    if (needs.includes('spotify')) {
      yield await line('Spotify', async () => {
        await (await spotify()).searchArtistsPage('a', 0);
        return `${endpoints.spotify} answers, and takes the credentials`;
      });
    }
    if (needs.includes('ticketmaster')) {
      yield await line('Ticketmaster', async () => {
        await (await ticketmaster()).page('events', {}, 0);
        return `${endpoints.ticketmaster} answers, and takes the key (one call of the day's quota)`;
      });
    }
  } finally {
    await close();
  }
}
