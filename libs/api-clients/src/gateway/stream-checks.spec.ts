import { streamChecks, type StreamUnderTest } from '@loadin/testing';
import { timeEarlier } from '../kit/cursor.js';
import { scheduledTime, type World } from '../upstreams.fixture.js';
import { names, startShop, streamOf, type Name } from './changes.fixture.js';

const apiKey = 'canaryKeyOfTheShopsGateway01';

describe.each(names)('%s.%s', (name: Name) => {
  let world: World;
  beforeAll(async () => (world = await startShop({ gatewayApiKey: apiKey })));
  afterAll(() => world.close());

  const make = (): StreamUnderTest => ({
    stream: streamOf(world, name),
    requests: () => world.upstreams.requests().total,
    failFrom: (n) => {
      for (let nth = n; nth < n + 4; nth += 1) world.upstreams.faults.add({ effect: { kind: 'status', status: 500 }, when: { nth } });
    },
    hang: () => void world.upstreams.faults.add({ effect: { kind: 'hang' } }),
    close: () => world.upstreams.faults.clear(),
  });
  const options = {
    scheduledTime,
    canaries: [/canary/],
    interruptions: 3,
    oldest: ([at]: readonly [string, ...string[]]) => [timeEarlier(at, 600)] as const,
  };
  it.each(streamChecks(make, options))('$name', ({ run }) => run());
});
