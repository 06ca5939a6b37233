import { parseArgs } from 'node:util';
import { startLocalAws } from './start.js';

const USAGE = 'Usage: node dist/main.js --data-dir DIR [--port N] [--host ADDRESS]';

interface Arguments {
  readonly dataDir: string;
  readonly port: number;
  readonly host?: string;
}

function readArguments(): Arguments {
  const { values } = parseArgs({ options: { 'data-dir': { type: 'string' }, port: { type: 'string' }, host: { type: 'string' } } });
  const { 'data-dir': dataDir, port = '0', host } = values;
  if (dataDir === undefined) throw new Error('--data-dir is missing');
  if (!/^\d+$/.test(port) || Number(port) > 65_535) throw new Error(`--port ${port} is not a port: give a number from 0 to 65535`);
  return { dataDir, port: Number(port), host };
}

function fail(message: string, status: 1 | 2): never {
  process.stderr.write(`local-aws: ${message}\n`);
  process.exit(status);
}

/** The server as a process of its own: prints one line of JSON with its `url` when it is ready, ends cleanly on SIGTERM and SIGINT. */
async function serve(options: Arguments): Promise<void> {
  const server = await startLocalAws(options);
  const stop = (): void => {
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ url: server.url, port: server.port, pid: process.pid })}\n`);
}

try {
  serve(readArguments()).catch((error: Error) => fail(error.message, 1));
} catch (error) {
  fail(`${(error as Error).message}. ${USAGE}`, 2);
}
