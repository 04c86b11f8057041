import { BlockList, isIP } from 'node:net'

/**
 * IPv4 networks that are nobody's on the public internet (IANA, special-purpose addresses): this host, private,
 * shared, loopback, link-local, protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved.
 */
const V4 = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 ' +
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
).split(' ')
/** Of IPv6 one network is the internet; in it these are not, or lead elsewhere: Teredo and others, examples, 6to4. */
const V6_PUBLIC = '2000::/3'
const V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const listOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.trim().split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

const FORBIDDEN = listOf([...V4, ...V6])
const INTERNET_V6 = listOf([V6_PUBLIC])

/** An IPv4 address in IPv6's clothes, `::ffff:127.0.0.1` or `::ffff:7f00:1`, is what it is underneath. */
function unmapped(address: string): string {
  // The one spelling that a URL has for each address.
  const host = URL.parse(`http://[${address}]/`)?.hostname ?? ''
  const [, high, low] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(host) ?? []
  if (high === undefined || low === undefined) return address
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [a >> 8, a & 255, b >> 8, b & 255].join('.')
}

/** Which addresses a program from outside may make us call. `allowed`: networks, comma separated, that are let through. */
export function createAddressGuard(allowed: string | undefined): (address: string) => boolean {
  const exceptions = listOf(allowed === undefined || allowed.trim() === '' ? [] : allowed.split(','))
  return (text) => {
    const address = isIP(text) === 6 ? unmapped(text) : text
    const family = isIP(address)
    if (family === 0) return false
    const type = family === 6 ? 'ipv6' : 'ipv4'
    if (exceptions.check(address, type)) return true
    return !FORBIDDEN.check(address, type) && (family === 4 || INTERNET_V6.check(address, 'ipv6'))
  }
}
