import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from './configuration-error.js';
import { folderWith } from './environment.fixture.js';
import { describeOrigin, loadEnvironment } from './environment.js';

describe('loadEnvironment', () => {
  it('merges .env with the environment, which wins, and remembers where each value came from', () => {
    const cwd = folderWith('# comment\nA=file\nB="from file" # why\nexport C=exported\n');
    const environment = loadEnvironment({ cwd, env: { A: 'process', D: 'process' } });
    expect(environment.get('A')).toEqual({ value: 'process', origin: { from: 'environment' } });
    expect(environment.get('B')).toEqual({ value: 'from file', origin: { from: 'file', path: join(cwd, '.env') } });
    expect(environment.get('C')?.value).toBe('exported');
    expect(environment.get('E')).toBeUndefined();
    expect(environment.names).toEqual(['A', 'B', 'C', 'D']);
    expect(environment.places).toEqual(['the environment', join(cwd, '.env')]);
  });

  it('takes an empty value for not set, and lets one in the environment take back what .env says', () => {
    const environment = loadEnvironment({ cwd: folderWith('A=file\nB=\nC=  kept  \n'), env: { A: '' } });
    expect([environment.get('A'), environment.get('B'), environment.get('C')?.value]).toEqual([undefined, undefined, 'kept']);
  });

  it('needs no .env, and says that it looked for one', () => {
    const cwd = folderWith();
    expect(loadEnvironment({ cwd, env: {} }).places).toEqual(['the environment', `${join(cwd, '.env')} (not there)`]);
    expect(loadEnvironment({ cwd: join(cwd, 'nowhere'), env: {} }).names).toEqual([]);
  });

  it('reads a file that begins with a byte order mark', () => {
    expect(loadEnvironment({ cwd: folderWith('\ufeffA=1\r\nB=2\r\n'), env: {} }).names).toEqual(['A', 'B']);
  });

  it('says when .env is there and cannot be read', () => {
    const cwd = folderWith();
    mkdirSync(join(cwd, '.env'));
    chmodSync(join(cwd, '.env'), 0o755);
    expect(() => loadEnvironment({ cwd, env: {} })).toThrow(ConfigurationError);
    expect(() => loadEnvironment({ cwd, env: {} })).toThrow(".env can't be read (EISDIR)");
  });

  it('names origins', () => {
    expect(
      [{ from: 'environment' }, { from: 'file', path: '/a/.env' }, { from: 'default' }].map((origin) => describeOrigin(origin as never)),
    ).toEqual(['the environment', '/a/.env', 'default']);
  });
});
