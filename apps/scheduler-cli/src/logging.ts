import type { LogFields, Logger } from '@loadin/observability';
import winston from 'winston';
import type { Output } from './output.js';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
