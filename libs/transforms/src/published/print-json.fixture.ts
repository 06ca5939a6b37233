const WIDTH = 150;

/** JSON as this workspace's formatter prints it: objects over several lines, a list in one line where it fits. */
export function printJson(value: unknown, indent = '', before = 0): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const flat = value.every((item) => typeof item !== 'object' || item === null) ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]` : '';
    if (flat !== '' && before + flat.length < WIDTH) return flat;
    return `[\n${value.map((item) => `${deeper}${printJson(item, deeper, deeper.length)}`).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const lines = Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => {
      const start = `${deeper}${JSON.stringify(key)}: `;
      return start + printJson(child, deeper, start.length);
    });
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}
