// Reads pages and normalizes what is on them, as a run does, and says at every sample what memory is held after a collection.
// Arguments: the server's address, pages, pages between samples. Needs --expose-gc.
import { normalizerFor } from '@loadin/transforms';
import { apiKey, unlimitedEvents } from '../pages/event-source.js';
import { sampleMemory } from './sample.js';

const [url = '', pages, every] = process.argv.slice(2);

const normalize = normalizerFor('events');
const client = unlimitedEvents.connect({ baseUrl: url, apiKey });
const run = new AbortController(); // one signal for all calls, as a run has: listeners that stay behind would be seen
let read = 0;
let records = 0;
for await (const { items } of client.pages('events', { signal: run.signal })) {
  for (const raw of items) if (normalize(raw).ok) records += 1;
  read += 1;
  if (read % Number(every) === 0) console.log(JSON.stringify(sampleMemory(read, records)));
  if (read === Number(pages)) break;
}
client.close();
