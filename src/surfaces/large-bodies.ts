import { setTimeout as pause } from 'node:timers/promises'

const LARGE_CHARACTERS = 65_536
/** Of the time, so many times what reading a large body took belongs to others before the next one is read. */
const REST = 3

/** Reads large bodies one after the other, with a rest between them: each stops everything for as long as it takes. */
export function createPacedReader(): (text: string, read: () => void) => void {
  let last: Promise<void> = Promise.resolve()
  return (text, read) => {
    if (text.length < LARGE_CHARACTERS) {
      read()
      return
    }
    last = last.then(async () => {
      const began = performance.now()
      read()
      // What is made of it before it is first waited for belongs to it, too.
      await new Promise((resolve) => setImmediate(resolve))
      await pause((performance.now() - began) * REST)
    })
    // Faults are told through `read`; whatever else there is keeps nobody behind it waiting.
    last = last.catch(() => {})
  }
}
