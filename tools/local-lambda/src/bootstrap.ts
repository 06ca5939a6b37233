// The runtime side, run by `node` in an environment's process: asks the Runtime API for events and calls the handler with them.
// It imports nothing but Node and has only types that Node strips, so that it runs from src and from dist alike.
import { existsSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

const variable = (name: string): string => process.env[name] ?? '';
const api = `http://${variable('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime`;
let requestId: string | undefined;

function call(method: 'GET' | 'POST', path: string, body?: string): Promise<{ headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${api}${path}`, { method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function describe(error: unknown, type?: string): string {
  if (!(error instanceof Error)) return JSON.stringify({ errorType: type ?? typeof error, errorMessage: String(error), trace: [] });
  return JSON.stringify({ errorType: type ?? error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') });
}

/** As Lambda's own runtime does: reports what nobody caught and exits, so that the next invocation is a cold start. */
function crash(error: unknown, exitCode: number, type?: string): void {
  const path = requestId === undefined ? '/init/error' : `/invocation/${requestId}/error`;
  const exit = (): never => process.exit(exitCode);
  call('POST', path, describe(error, type)).then(exit, exit);
}

/** Lambda prefixes what goes through `console` with time, request and level; direct writes to stdout stay as they are. */
function prefixConsole(): void {
  const levels = { debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;
  for (const [name, level] of Object.entries(levels) as [keyof typeof levels, string][]) {
    console[name] = (...parts: unknown[]) =>
      void process.stdout.write(`${new Date().toISOString()}\t${requestId ?? 'undefined'}\t${level}\t${format(...parts)}\n`);
  }
}

class InitError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

async function loadHandler(): Promise<Handler> {
  const [, file, name] = /^(.+)\.([^./]+)$/.exec(variable('_HANDLER')) ?? [];
  if (file === undefined || name === undefined) throw new InitError('Runtime.MalformedHandlerName', `Bad handler ${variable('_HANDLER')}`);
  const path = ['.js', '.mjs', '.cjs']
    .map((extension) => join(variable('LAMBDA_TASK_ROOT'), `${file}${extension}`))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new InitError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown> & { default?: Record<string, unknown> };
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== 'function') throw new InitError('Runtime.HandlerNotFound', `${variable('_HANDLER')} is undefined or not exported`);
  return handler as Handler;
}

function contextOf(headers: IncomingHttpHeaders): Record<string, unknown> {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: requestId,
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next');
    requestId = String(headers['lambda-runtime-aws-request-id']);
    process.env['_X_AMZN_TRACE_ID'] = String(headers['lambda-runtime-trace-id']);
    let answer: [path: string, body: string];
    try {
      answer = ['response', JSON.stringify((await handler(JSON.parse(body), contextOf(headers))) ?? null)];
    } catch (error) {
      answer = ['error', describe(error)];
    }
    await call('POST', `/invocation/${requestId}/${answer[0]}`, answer[1]);
  }
}

prefixConsole();
process.on('uncaughtException', (error) => crash(error, 129));
process.on('unhandledRejection', (error) => crash(error, 128, 'Runtime.UnhandledPromiseRejection'));
loadHandler()
  .then(serve, (error: unknown) => {
    const type = error instanceof InitError ? error.type : error instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : undefined;
    crash(error, 1, type);
  })
  .catch(() => process.exit(1)); // the Runtime API is gone: whoever started this process has ended
