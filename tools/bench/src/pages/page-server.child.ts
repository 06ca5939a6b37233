// Serves a page of events for every number: `GET /events?page=7`. Every event that it ever serves has another id, as a source's have. The arguments: how many
// events a page has, and milliseconds before each answer (default 0).
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { eventPage } from '../transform/event-page.js';

const [, , events, latencyMs = '0'] = process.argv;
const body = Buffer.from(eventPage('compact', Number(events)).text);
/** The digits at the end of an event's id. */
const numbers = [...body.toString('latin1').matchAll(/"id":"vvG1(\d{6})"/g)].map((found) => found.index + '"id":"vvG1'.length);
if (numbers.length !== Number(events)) throw new Error('the page has other ids than expected');
let served = 0;
const server = createServer((_request, response) => {
  for (const at of numbers) body.write(String((served += 1) % 1_000_000).padStart(6, '0'), at, 'latin1');
  const answer = Buffer.from(body); // a copy: the next answer may be begun before this one is sent
  const send = (): void => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  };
  if (latencyMs === '0') send();
  else void wait(Number(latencyMs)).then(send);
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, bytes: body.length }));
});
process.once('SIGTERM', () => process.exit(0));
