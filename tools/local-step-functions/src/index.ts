export { definitionFaults } from './definition-faults.js';
export { createLocalStateMachine } from './local-state-machine.js';
export * from './types.js';
