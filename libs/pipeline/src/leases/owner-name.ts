import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** `host/pid/random`: names this process to people; random because a container is always `localhost` and process 1. */
export const ownerName = (): string => `${hostname().slice(0, 63)}/${process.pid}/${randomBytes(3).toString('hex')}`;
