import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A function of the account. */
export interface FakeFunction {
  sha: string;
  /** How many more looks find an update under way. */
  updating: number;
  /** What an update ends with. Default: Successful */
  ends?: 'Failed';
  /** The codes of the published versions, from 1. */
  readonly versions: string[];
  readonly aliases: Map<string, string>;
}

export interface LambdaApi {
  readonly url: string;
  /** `PUT /functions/x/code`, in order. */
  readonly calls: string[];
  readonly server: Server;
}

export const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

/** The part of Lambda's API that changes code, versions and aliases. https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
export async function startLambdaApi(functions: Map<string, FakeFunction>): Promise<LambdaApi> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, functions, calls).then(({ status, body }) => {
      const type = status === 200 || status === 201 ? {} : { 'x-amzn-errortype': (body as { __type: string }).__type };
      response.writeHead(status, { 'content-type': 'application/json', ...type }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, server };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answer(request: IncomingMessage, functions: Map<string, FakeFunction>, calls: string[]): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const input = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Readonly<Record<string, string>>;
  const [, name = '', what = '', alias = ''] = /^\/2015-03-31\/functions\/([^/]+)\/(\w+)(?:\/(\w+))?$/.exec(request.url ?? '') ?? [];
  calls.push(`${request.method} ${what}${alias && `/${alias}`}`);
  const found = functions.get(name);
  if (found === undefined) return { status: 404, body: { __type: 'ResourceNotFoundException', Message: `Function not found: ${name}` } };
  switch (`${request.method} ${what}`) {
    case 'GET configuration':
      return { status: 200, body: configuration(found) };
    case 'PUT code':
      found.sha = shaOf(Buffer.from(input['ZipFile'] ?? '', 'base64'));
      found.updating = 2;
      return { status: 200, body: configuration(found) };
    case 'POST versions':
      if (input['CodeSha256'] !== found.sha) return { status: 400, body: { __type: 'InvalidParameterValueException', Message: 'CodeSha256' } };
      if (found.versions.at(-1) !== found.sha) found.versions.push(found.sha);
      return { status: 201, body: { Version: String(found.versions.length) } };
    case 'PUT aliases':
      found.aliases.set(alias, input['FunctionVersion'] ?? '');
      return { status: 200, body: {} };
    default:
      return { status: 200, body: { FunctionVersion: found.aliases.get(alias) } };
  }
}

function configuration(found: FakeFunction): unknown {
  const InProgress = found.updating > 0;
  if (InProgress) found.updating -= 1;
  const LastUpdateStatus = InProgress ? 'InProgress' : (found.ends ?? 'Successful');
  return { CodeSha256: found.sha, Architectures: ['arm64'], LastUpdateStatus, LastUpdateStatusReason: found.ends && 'The zip has no index.mjs' };
}
