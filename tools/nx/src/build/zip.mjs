// A function's zip, the same bytes from the same files on every machine: nothing changed means nothing to deploy.
import { zipSync } from 'fflate';

const regularFile = 0o100644;
const unix = 3;

/**
 * @param {Record<string, Uint8Array>} files by their path inside the zip
 * @returns {Uint8Array} entries sorted by name, all of 1980-01-01 (the earliest time a zip can hold) and readable by everyone, as Lambda requires
 */
export function reproducibleZip(files) {
  // The zip format stores local time, so the time is built from local parts: the bytes don't depend on the machine's time zone.
  const options = { level: 9, mtime: new Date(1980, 0, 1), os: unix, attrs: regularFile << 16 };
  const names = Object.keys(files).sort();
  return zipSync(Object.fromEntries(names.map((name) => [name, [files[name], options]])));
}
