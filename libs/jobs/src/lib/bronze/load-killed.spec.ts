import { startServers, type Servers } from './bronze.fixture.js';
import { disturbedAtEachCall, EACH_KIND } from './each-call.fixture.js';

// Some twenty deaths, each with its next attempt.
jest.setTimeout(180_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

describe('a load that is killed', () => {
  it('is gone on with by the next attempt, at whatever call it was: each change is delivered once', async () => {
    expect(await disturbedAtEachCall(servers, 'after')).toEqual(EACH_KIND);
  });
});
