import type { JsonObject, Transform } from '@loadin/pipeline';
import { recordId, transformFor, type DataType } from '@loadin/transforms';

/** The pure parser of a data type, in the pipeline's terms. */
export function transformOf(dataType: DataType): Transform {
  const { parse } = transformFor(dataType);
  return (raw) => {
    const parsed = parse(raw);
    if (!parsed.ok) return { ok: false, reasons: parsed.reasons };
    const id = recordId(dataType, parsed.record);
    if (id === undefined) return { ok: false, reasons: [{ path: 'id', message: 'gives no entity id' }] };
    return { ok: true, id, record: { ...parsed.record } as unknown as JsonObject };
  };
}
