// Serves a page of events for every number: `GET /events?page=7`. The pages differ in the id of their first event, as much as a reader needs to see
// that the list goes on. The first argument is how many events a page has.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventPage } from '../transform/event-page.js';

const body = Buffer.from(eventPage('compact', Number(process.argv[2])).text);
const id = /"id":"([^"]{8,})"/.exec(body.toString('latin1'));
if (id?.[1] === undefined) throw new Error('the page has no id to change');
const idAt = id.index + '"id":"'.length;
const idLength = id[1].length;
let served = 0;
const server = createServer((_request, response) => {
  body.write(String((served += 1)).padStart(idLength, '0'), idAt, 'latin1');
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(Buffer.from(body)); // a copy: the next answer may be begun before this one is sent
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, bytes: body.length }));
});
process.once('SIGTERM', () => process.exit(0));
