/** Flags of Node that every process of the program is started with. */
export const MEMORY: readonly string[]
