// Serves the same page of events for every number: `GET /events?page=7`. The first argument is how many events a page has.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventPage } from '../transform/event-page.js';

const body = Buffer.from(eventPage('compact', Number(process.argv[2])).text);
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, bytes: body.length }));
});
process.once('SIGTERM', () => process.exit(0));
