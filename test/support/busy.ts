const TICK_MS = 5

/**
 * How long this thread has been on the processor at one go, in milliseconds: what keeps everybody else waiting, however
 * much else the machine does.
 */
export function watchBusy() {
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let [last, longest] = [cpuMs(), 0]
  const tick = () => {
    const now = cpuMs()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(tick, TICK_MS)
  return {
    /** The longest since this was asked last. */
    take(): number {
      tick()
      const taken = longest
      longest = 0
      return taken
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
