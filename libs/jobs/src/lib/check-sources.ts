import type { Credentials, Need, Settings } from '@loadin/config';
import type { Clock } from '@loadin/pipeline';
import { line, type CheckLine } from './check-line.js';
import { openClients } from './sources.js';

/** One call to each source that a job needs: are the credentials good, can it be reached? */
export async function* checkSources(
  needs: readonly Need[],
  settings: Settings,
  credentials: () => Promise<Credentials>,
  clock: Clock,
): AsyncGenerator<CheckLine> {
  const open = async () => openClients({ settings, credentials: await credentials(), clock });
  if (needs.includes('spotify')) {
    yield await line('Spotify', async () => {
      const { spotify, close } = await open();
      try {
        await (await spotify()).searchArtistsPage('a', 0);
        return `${settings.endpoints.spotify} answers, and takes the credentials`;
      } finally {
        close();
      }
    });
  }
  if (needs.includes('ticketmaster')) {
    yield await line('Ticketmaster', async () => {
      const { ticketmaster, close } = await open();
      try {
        await (await ticketmaster()).page('events', {}, 0);
        return `${settings.endpoints.ticketmaster} answers, and takes the key (one call of the day's quota)`;
      } finally {
        close();
      }
    });
  }
}
