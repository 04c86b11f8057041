import { isIP, SocketAddress } from 'node:net'

/**
 * Whom an address stands for: an IPv4 address itself, of an IPv6 address the network of 64 bits, which is the least
 * that anybody is given. What a proxy says may carry a port, or be no address at all.
 */
export function networkOf(address: string): string {
  const text =
    /^\[(.*)\](:\d+)?$/.exec(address)?.[1] ??
    (/^[\d.]+:\d+$/.test(address) ? address.slice(0, address.indexOf(':')) : address)
  if (isIP(text) !== 6) return text.slice(0, 100)
  const parts = expand(new SocketAddress({ address: text.split('%')[0] as string, family: 'ipv6' }).address)
  const mapped = parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff
  if (mapped)
    return parts
      .slice(6)
      .flatMap((part) => [part >> 8, part & 255])
      .join('.')
  return `${parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

/** The eight numbers of an IPv6 address. */
function expand(address: string): number[] {
  const plain = address.replace(
    /([\d]+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a, b, c, d) => `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`,
  )
  const [head = '', tail] = plain.split('::')
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((one) => Number.parseInt(one, 16)))
  const [first, last] = [numbers(head), tail === undefined ? [] : numbers(tail)]
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
}
