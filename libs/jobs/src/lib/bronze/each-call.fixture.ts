import type { Servers } from './bronze.fixture.js';
import { killedAt, type Dying } from './killed.fixture.js';
import { latestSum, openOrders, sourceSum, twice } from './orders.fixture.js';

const minute = (n: number): string => new Date(Date.parse('2024-03-01T00:00:00Z') + n * 60_000).toISOString().replace('.000', '');

/** Of a load that is not disturbed: each call that changes something, and the first of each kind that only looks. */
function worthDyingAt(calls: readonly string[]): number[] {
  const kindOf = (call: string): string => (call.startsWith('state') ? call : (call.split(' ')[0] ?? ''));
  const looks = /^(GetObject|HeadObject|ListMultipartUploads|state get)/;
  return calls.flatMap((call, n) => (!looks.test(call) || calls.findIndex((other) => kindOf(other) === kindOf(call)) === n ? [n] : []));
}

/** Loads again and again, each disturbed at the next of its calls and then asked for once more; expects that each change is delivered once. Answers the kinds of those calls. */
export async function disturbedAtEachCall(servers: Servers, when: Dying): Promise<string[]> {
  const shop = await openOrders(servers, 20);
  const change = (n: number) => shop.sql.query(`UPDATE orders SET total = $1, updated_at = $2 WHERE id <= 3`, [n, minute(n + 1)]);
  // The first two are others than those after them: there is less to be compared with.
  await shop.load({ at: minute(0) });
  await change(0);
  await shop.load({ at: minute(2) });
  await change(1);
  const immortal = killedAt(Infinity, when, shop.context);
  await shop.load({ at: minute(3), context: immortal.context });
  const diedAt = new Set<string>();
  for (const [death, last] of worthDyingAt(immortal.calls).entries()) {
    const at = minute(death + 4);
    await change(death + 2);
    const mortal = killedAt(last, when, shop.context);
    await shop.load({ at, context: mortal.context }).catch(() => undefined);
    const loaded = await shop.load({ at });
    expect([last, mortal.survived, loaded.read - loaded.deduplicated, await shop.pending()]).toEqual([last, false, 3, []]);
    diedAt.add(mortal.calls[last]?.split(' ')[0] ?? '');
  }
  expect(await latestSum(shop)).toEqual(await sourceSum(shop));
  expect(await twice(shop)).toEqual([]);
  await shop.close();
  return [...diedAt].sort();
}

export const EACH_KIND = [
  'CompleteMultipartUpload',
  'CreateMultipartUpload',
  'GetObject',
  'HeadObject',
  'ListMultipartUploads',
  'PutObject',
  'UploadPart',
  'state',
];
