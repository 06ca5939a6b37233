import * as s3 from '@aws-sdk/client-s3';
import { loadEnvironment } from '@loadin/config';
import { parseEnvironments, resourceNames } from '@loadin/infrastructure';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients, type Clients } from '../clients.js';
import { runProgram } from '../program.js';
import { artifactsOf } from '../resources/of-stacks.js';

const FILE = "version: 1\nenvironments:\n  dev: { account: '123456789012', region: eu-west-1, suffix: -dev }\n";
const environment = parseEnvironments(FILE, 'file').get('dev');
if (environment === undefined) throw new Error('no environment');
const names = resourceNames({ ...environment, environment: 'dev' });

let dir: string;
let server: LocalAws;
let clients: Clients;
let env: Record<string, string>;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'loadin-import-'));
  writeFileSync(join(dir, 'loadin.environments.yaml'), FILE);
  server = await startLocalAws({ dataDir: join(dir, 'aws'), accountId: '123456789012', region: 'eu-west-1' });
  const keys = { AWS_ACCESS_KEY_ID: `import${server.port}`, AWS_SECRET_ACCESS_KEY: 'test', AWS_EC2_METADATA_DISABLED: 'true' };
  env = { PATH: process.env['PATH'] ?? '', HOME: dir, CDK_HOME: dir, AWS_ENDPOINT_URL: server.url, AWS_REGION: 'eu-west-1', ...keys };
  clients = createClients('eu-west-1', loadEnvironment({ cwd: dir, env }));
});
afterAll(async () => {
  clients.close();
  await server.close();
  rmSync(dir, { recursive: true });
});

describe('loadin-setup import, without a terminal', () => {
  let cloudFormation: { server: Server; url: string; calls: URLSearchParams[] };
  beforeAll(async () => (cloudFormation = await startCloudFormation()));
  afterAll(() => cloudFormation.server.close());

  it("has what is there imported, tags it as the stack's, and publishes nothing", async () => {
    for (const Bucket of [names.rawBucket, names.processedBucket])
      await clients.s3.send(new s3.CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    const lines: string[] = [];
    const output = { print: (text: string) => void lines.push(text), complain: (text: string) => void lines.push(text) };
    const status = await runProgram(['import', 'storage', '--environment', 'dev'], {
      output,
      env: { ...env, AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url },
      cwd: dir,
    });
    const printed = lines.join('\n');
    expect({ status, printed }).toEqual({ status: 0, printed: expect.stringContaining(`s3://${names.rawBucket}: tags`) });
    const change = cloudFormation.calls.find((call) => call.get('Action') === 'CreateChangeSet');
    const identified = [1, 2].map((n) => change?.get(`ResourcesToImport.member.${n}.ResourceIdentifier.entry.1.value`));
    expect([change?.get('ChangeSetType'), change?.get('StackName'), ...identified]).toEqual([
      ...['IMPORT', 'loadin-dev-storage'],
      ...[names.rawBucket, names.processedBucket],
    ]);
    expect(change?.get('TemplateBody')?.match(/Type: .*/g)).toEqual(['Type: AWS::S3::Bucket', 'Type: AWS::S3::Bucket']);
    const { TagSet } = await clients.s3.send(new s3.GetBucketTaggingCommand({ Bucket: names.rawBucket }));
    expect(TagSet).toContainEqual({ Key: 'ManagedBy', Value: 'cdk' });
    expect(await artifactsOf(environment, clients)[0]?.self.look()).toMatchObject({ state: 'missing' });
  }, 240_000);
});

/** As much of CloudFormation as an import asks for: change sets are ready at once, and a stack is there when its change set has been executed. */
async function startCloudFormation(): Promise<{ server: Server; url: string; calls: URLSearchParams[] }> {
  const calls: URLSearchParams[] = [];
  let imported = false;
  const answers: Readonly<Record<string, (call: URLSearchParams) => string | undefined>> = {
    DescribeStacks: () =>
      imported
        ? '<Stacks><member><StackName>loadin-dev-storage</StackName><StackId>arn:stack</StackId><StackStatus>IMPORT_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>'
        : undefined,
    CreateChangeSet: () => '<Id>arn:change</Id><StackId>arn:stack</StackId>',
    DescribeChangeSet: () =>
      '<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus><StackId>arn:stack</StackId><Changes></Changes>',
    ExecuteChangeSet: () => ((imported = true), ''),
  };
  const listening = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const call = new URLSearchParams(body);
      calls.push(call);
      const action = call.get('Action') ?? '';
      const answer = (answers[action] ?? (() => ''))(call);
      const error =
        '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id loadin-dev-storage does not exist</Message></Error></ErrorResponse>';
      const whole = `<${action}Response><${action}Result>${answer ?? ''}</${action}Result></${action}Response>`;
      response.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'text/xml' }).end(answer === undefined ? error : whole);
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return { server: listening, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, calls };
}
