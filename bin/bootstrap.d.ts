/** Flags of Node that every process of the program is started with. */
export const MEMORY: readonly string[]
export function memoryFor(args: readonly string[]): readonly string[]
/** What the allocator of every process of the program is told in its environment. */
export const ARENAS: Readonly<Record<string, string>>
