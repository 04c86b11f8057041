export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

const BOMS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** By its first bytes. Null: all of these are ASCII, so it makes no difference yet. */
export function encodingOf(bytes: Buffer): Encoding | null {
  const marked = BOMS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))
  if (marked !== undefined) return marked[0]
  const wide = wideOf(bytes)
  if (wide !== null) return wide
  const start = bytes.findIndex((byte) => byte >= 0x80)
  if (start === -1) return null
  return isUtf8(bytes.subarray(start)) ? 'utf-8' : 'windows-1252'
}

/** Without a mark: of Latin letters, every second byte is zero. */
function wideOf(bytes: Buffer): Encoding | null {
  const zeros = [0, 0]
  for (const [at, byte] of bytes.subarray(0, 4096).entries())
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1
  const [even = 0, odd = 0] = zeros
  if (even + odd < bytes.subarray(0, 4096).length / 4) return null
  return odd > even ? 'utf-16le' : 'utf-16be'
}

/** What is cut off at its end may be the beginning of a character. */
function isUtf8(bytes: Buffer, stream = true): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream })
    return true
  } catch {
    return false
  }
}

/** Bytes of a character's beginning say nothing before its end is there. */
const CHARACTER_BYTES = 4

export interface Decoder {
  decode(bytes: Buffer): string
  end(): string
  /** Until it makes a difference, UTF-8. */
  encoding(): Encoding
}

/** Texts of bytes that come in pieces, by the encoding that is named or that their beginning shows. */
export function createDecoder(named?: Encoding): Decoder {
  let decoder = named === undefined ? null : new TextDecoder(named)
  let waiting: Buffer = Buffer.alloc(0)
  const open = (encoding: Encoding, bytes: Buffer) => {
    decoder = new TextDecoder(encoding)
    waiting = Buffer.alloc(0)
    return decoder.decode(bytes, { stream: true })
  }
  return {
    decode(piece) {
      if (decoder !== null) return decoder.decode(piece, { stream: true })
      const bytes = waiting.length === 0 ? piece : Buffer.concat([waiting, piece])
      const encoding = encodingOf(bytes)
      const start = bytes.findIndex((byte) => byte >= 0x80)
      if (encoding === null || (encoding === 'utf-8' && start > bytes.length - CHARACTER_BYTES)) {
        const end = start === -1 ? bytes.length : start
        waiting = bytes.subarray(end)
        return bytes.toString('latin1', 0, end)
      }
      return open(encoding, bytes)
    },
    end() {
      const rest = waiting.length === 0 ? '' : open(isUtf8(waiting, false) ? 'utf-8' : 'windows-1252', waiting)
      return rest + (decoder?.decode() ?? '')
    },
    encoding: () => (decoder?.encoding as Encoding | undefined) ?? 'utf-8',
  }
}
