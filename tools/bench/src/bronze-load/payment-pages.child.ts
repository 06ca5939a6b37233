// The payments API with so many payments, in a process of its own. Argument: how many. Those of the later half are changed when a list is asked for since a time.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const payments = Number(process.argv[2]);
const PAGE = 2_000;
const START = Date.UTC(2026, 0, 1);

const page = (from: number): string => {
  const rows: string[] = [];
  for (let n = from; n < Math.min(payments, from + PAGE); n++) {
    const at = new Date(START + n).toISOString();
    rows.push(
      `{"payment_id":"pay_${String(n).padStart(9, '0')}","order_id":${n},"amount":"${n % 1_000}.25","currency":"EUR","status":"settled","created_at":"${at}","updated_at":"${at}"}`,
    );
  }
  const next = from + PAGE < payments ? String(from + PAGE) : null;
  return `{"data":[${rows.join(',')}],"next_token":${JSON.stringify(next)}}`;
};

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const since = searchParams.get('since');
  const first = since === null ? 0 : Math.max(0, Date.parse(since) - START);
  response.setHeader('content-type', 'application/json').end(page(Number(searchParams.get('next_token') ?? first)));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/payments` })));
process.once('SIGTERM', () => process.exit(0));
