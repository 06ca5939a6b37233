import { startServers, type Servers } from './bronze.fixture.js';
import { disturbedAtEachCall, EACH_KIND } from './each-call.fixture.js';

jest.setTimeout(180_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

describe('a load to which an answer is lost', () => {
  it('goes on, or is given up and asked for again, whatever call it was: each change is delivered once', async () => {
    expect(await disturbedAtEachCall(servers, 'unheard')).toEqual(EACH_KIND);
  });
});
