export { runningStack, startInBackground, stopInBackground, type RunningStack } from './daemon.js';
export { childEnvironment, exportLines, localNames } from './environment.js';
export { drainStream, type DrainOptions, type DrainResult, type KinesisEvent } from './drain.js';
export { startStack, type Stack, type StackOptions } from './stack.js';
