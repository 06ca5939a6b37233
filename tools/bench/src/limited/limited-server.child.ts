// A service with a limit that it counts strictly: `GET /items?page=7` answers after the latency, or 429 when there were too many calls in the
// second that ends now. `GET /counted` says what it has seen. Argument: its settings as JSON.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Counted, LimitedSettings } from './limited-source.js';
import { createSlidingCount } from './sliding-count.js';

const { perSecond, latencyMs, pages, perPage } = JSON.parse(process.argv[2] ?? '') as LimitedSettings;
const second = createSlidingCount(1_000);
const byCaller = new Map<string, number>();
let calls = 0;
let tooManyRequests = 0;

const server = createServer((request, response) => {
  const answer = (status: number, body: unknown): void => {
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  };
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://limited');
  if (pathname === '/counted')
    return answer(200, { calls, tooManyRequests, mostInASecond: second.most, byCaller: Object.fromEntries(byCaller) } satisfies Counted);
  const caller = searchParams.get('caller') ?? '';
  byCaller.set(caller, (byCaller.get(caller) ?? 0) + 1);
  calls += 1;
  if (second.add(performance.now()) > perSecond) {
    tooManyRequests += 1;
    return answer(429, { error: 'too many requests' });
  }
  const page = Number(searchParams.get('page'));
  const items = Array.from({ length: perPage }, (_, n) => ({ id: `${page * perPage + n}` }));
  setTimeout(() => answer(200, { items, pages }), latencyMs);
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })));
process.once('SIGTERM', () => process.exit(0));
