import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, run, serve } from './processes.mjs';

/** moto (Python): S3, Kinesis, DynamoDB and Secrets Manager in memory; it and all that it needs are pinned in requirements.txt. */
export async function startMoto(cache, folder) {
  const requirements = join(folder, 'requirements.txt');
  const version = /^moto\[server\]==(.+)$/m.exec(await readFile(requirements, 'utf8'))?.[1];
  const home = join(cache, `moto-${version}`);
  const python = join(home, 'bin', 'python');
  if (!existsSync(join(home, 'complete'))) {
    await rm(home, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await run('python3', ['-m', 'venv', home]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
    await mkdir(join(home, 'complete'));
  }
  const port = await freePort();
  return serve(`moto ${version}`, python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], port);
}

/** DynamoDB Local (Java 17), AWS's own, in memory; its version stands in pom.xml. */
export async function startDynamoDbLocal(cache, folder) {
  const pom = join(folder, 'pom.xml');
  const version = /<artifactId>DynamoDBLocal<\/artifactId>\s*<version>([^<]+)</.exec(await readFile(pom, 'utf8'))?.[1];
  const home = join(cache, `dynamodb-local-${version}`);
  if (!existsSync(home)) {
    await mkdir(cache, { recursive: true });
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    await run('mvn', ['-q', '-B', '-f', pom, goal, '-DincludeScope=runtime', `-DoutputDirectory=${home}.partial`]);
    await rename(`${home}.partial`, home);
  }
  const port = await freePort();
  const main = 'software.amazon.dynamodb.services.local.main.ServerRunner';
  const options = ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)];
  const java = [`-Djava.library.path=${home}`, '-cp', join(home, '*'), main, ...options];
  return serve(`DynamoDB Local ${version}`, 'java', java, port);
}
