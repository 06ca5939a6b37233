import { isMap, isNode, isScalar, type Document, type Node } from 'yaml';
import type { Finding } from './types.js';

/** Where in the text a finding is: the offset of its key or value, else of the nearest thing around it. */
export function positionOf(document: Document, { path, atKey = false }: Finding): number {
  if (atKey) return keyOffset(document, path) ?? positionOf(document, { path: path.slice(0, -1), message: '' });
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOf(document.getIn(path.slice(0, length), true));
    // What lacks something is best pointed at by its name.
    if (offset !== undefined)
      return isMap(document.getIn(path.slice(0, length), true)) ? (keyOffset(document, path.slice(0, length)) ?? offset) : offset;
  }
  return offsetOf(document.contents) ?? 0;
}

function keyOffset(document: Document, path: Finding['path']): number | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const name = String(path.at(-1));
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  return offsetOf(pair?.key);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
