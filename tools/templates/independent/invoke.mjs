/** Calls a function in the local runtime. @returns its answer @throws what it failed with, with the end of its log */
export async function invoke(deployed, event) {
  const { payload, functionError, logs } = await deployed.invoke(event);
  if (functionError !== undefined) throw new Error(`${functionError}: ${JSON.stringify(payload)}\n${logs.slice(-5).join('\n')}`);
  return payload;
}
