import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whom the server runs as. Postgres refuses to run as root, and needs a user that exists. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user itself; for root one without rights: `nobody`, else the first of the system's users that isn't root. */
export function serverUser(uid = process.getuid?.() ?? -1, gid = process.getgid?.() ?? -1, passwd = '/etc/passwd'): ServerUser {
  if (uid === -1) throw new Error('The embedded Postgres runs on Linux and macOS only');
  if (uid !== 0) return { uid, gid };
  const users = readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , user, group]) => ({ name, uid: Number(user), gid: Number(group) }))
    .filter((user) => user.uid > 0);
  const chosen = users.find(({ name }) => name === 'nobody') ?? users[0];
  if (chosen === undefined) throw new Error(`${passwd} has no user but root, and Postgres does not run as root; add one, such as nobody`);
  return { uid: chosen.uid, gid: chosen.gid };
}

/** Whether everybody may go through the folder and all above it. */
export function reachable(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
