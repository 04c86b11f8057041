import type { Socket } from 'node:net'

/**
 * What a connection of `pg` speaks through. To hold statements back until they go as one packet; destroyed, whoever
 * waits on it is told that nothing will come.
 */
export const streamOf = (client: unknown): Socket => (client as { connection: { stream: Socket } }).connection.stream
