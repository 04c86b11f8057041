import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A way to a database that can be cut off: what stands between it and us. */
export class Gate implements AsyncDisposable {
  readonly #target: URL
  #server: Server | null = null
  #port = 0
  #isSilent = false
  readonly #sockets = new Set<Socket>()

  private constructor(target: URL) {
    this.#target = target
  }

  static async to(databaseUrl: string): Promise<Gate> {
    const gate = new Gate(new URL(databaseUrl))
    await gate.open()
    return gate
  }

  get url(): string {
    const url = new URL(this.#target)
    url.hostname = '127.0.0.1'
    url.port = String(this.#port)
    return url.href
  }

  async open(): Promise<void> {
    this.#isSilent = false
    this.cut()
    if (this.#server !== null) return
    this.#server = createServer((socket) => this.#lead(socket)).listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** As a database that was shut down: nobody answers, and whoever was connected is told. */
  async close(): Promise<void> {
    const closed = this.#server
    this.#server = null
    const done = closed === null ? Promise.resolve() : new Promise((resolve) => closed.close(resolve))
    this.cut()
    await done
  }

  /** As a machine that lost its network: connections stand, new ones come about, and nothing comes through. */
  silence(): void {
    this.#isSilent = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** Connections under way are lost. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #lead(socket: Socket): void {
    this.#keep(socket)
    if (this.#isSilent) {
      socket.pause()
      return
    }
    const onward = connect(Number(this.#target.port), this.#target.hostname)
    this.#keep(onward)
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      from.pipe(to)
      from.once('close', () => to.destroy())
    }
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
