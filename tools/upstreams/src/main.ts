import { parseArguments } from './arguments.js';
import { startUpstreams } from './start.js';

// The simulators as a process of their own: one JSON line with the URLs when they are ready, and SIGTERM or SIGINT ends them.
try {
  const { spotifyUrl, spotifyAccountsUrl, ticketmasterUrl, paymentsUrl, shipmentsUrl, adminUrl, day, close } = await startUpstreams(
    parseArguments(process.argv.slice(2)),
  );
  const stop = (): void => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const urls = { spotifyUrl, spotifyAccountsUrl, ticketmasterUrl, paymentsUrl, shipmentsUrl, adminUrl };
  process.stdout.write(`${JSON.stringify({ ...urls, day, pid: process.pid })}\n`);
} catch (error) {
  process.stderr.write(`upstreams: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
