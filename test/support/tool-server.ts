import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

// biome-ignore lint/suspicious/noExplicitAny: answers of clients that others wrote; each test asserts on what it reads
type Answer = any

interface Reply {
  id?: number
  result?: Answer
  error?: { message: string }
}

export interface ToolServer extends AsyncDisposable {
  /** The names of all tools it offers. */
  tools: string[]
  /** The names of those that were called. */
  called: Set<string>
  /** What the tool answers: the text of its first part, read as JSON where it is that. Throws what the tool reports. */
  call(name: string, args?: Record<string, unknown>): Promise<Answer>
}

/** A server of the Model Context Protocol as its users start it: a process that is spoken to in lines of JSON. */
export async function startToolServer(args: string[], env: Record<string, string>): Promise<ToolServer> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'ignore'] })
  const waiting = new Map<number, (reply: Reply) => void>()
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  void ended.then(() => {
    for (const answer of waiting.values()) answer({ error: { message: 'the tool server has ended' } })
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    // Some write of their errors between the answers.
    if (!line.startsWith('{"')) return
    const reply: Reply = JSON.parse(line)
    waiting.get(reply.id as number)?.(reply)
  })
  let count = 0
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const ask = (method: string, params: object) =>
    new Promise<Answer>((done, failed) => {
      const id = ++count
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id)
        if (error === undefined) done(result)
        else failed(new Error(error.message))
      })
      send({ id, method, params })
    })
  await ask('initialize', {
    protocolVersion: '2024-11-05',
    capabilities: {},
    clientInfo: { name: 'test', version: '1.0.0' },
  })
  send({ method: 'notifications/initialized' })
  const { tools } = await ask('tools/list', {})
  const called = new Set<string>()
  return {
    tools: tools.map(({ name }: { name: string }) => name),
    called,
    async call(name, input = {}) {
      called.add(name)
      const { content, isError } = await ask('tools/call', { name, arguments: input })
      const text: string = content[0]?.text ?? ''
      const answer = toJson(text)
      if (isError === true || answer?.success === false) throw new Error(text)
      return answer
    },
    async [Symbol.asyncDispose]() {
      child.kill()
      await ended
    },
  }
}

function toJson(text: string): Answer {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
