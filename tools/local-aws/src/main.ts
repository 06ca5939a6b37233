import { parseArgs } from 'node:util';
import { startLocalAws } from './start.js';

const USAGE = 'Usage: node dist/main.js --data-dir DIR [--port N] [--host ADDRESS]';

/** The server as a process of its own: prints one line of JSON with its `url` when it is ready, ends cleanly on SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'data-dir': { type: 'string' }, port: { type: 'string' }, host: { type: 'string' } } });
  const port = Number(values.port ?? 0);
  if (values['data-dir'] === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(USAGE);
  const server = await startLocalAws({ dataDir: values['data-dir'], port, host: values.host });
  const stop = (): void => {
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ url: server.url, port: server.port, pid: process.pid })}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`local-aws: ${error.message}\n`);
  process.exit(1);
});
