import { isIP } from 'node:net'

export function integer(min: number, max: number) {
  return (text: string) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < min || value > max) throw new Error(`a whole number from ${min} to ${max}`)
    return value
  }
}

export function choice<T extends string>(...values: T[]) {
  return (text: string) => {
    if (!values.includes(text as T)) throw new Error(`one of ${values.join(', ')}`)
    return text as T
  }
}

export const switchValue = (text: string) => {
  if (!['true', 'false', '1', '0'].includes(text)) throw new Error('true or false')
  return text === 'true' || text === '1'
}

export const url = (text: string) => {
  if (!URL.canParse(text)) throw new Error('a URL')
  return text.replace(/\/$/, '')
}

export const secretText = (text: string) => {
  if (!/^[\x21-\x7e]{20,}$/.test(text)) throw new Error('at least 20 letters, digits and signs without a space')
  return text
}

export const databaseUrl = (text: string) => {
  if (!URL.canParse(text) || !['postgres:', 'postgresql:'].includes(new URL(text).protocol))
    throw new Error('a URL as in postgres://USER:PASSWORD@HOST:5432/DATABASE')
  return text
}

export const smtpUrl = (text: string) => {
  if (!URL.canParse(text) || !['smtp:', 'smtps:'].includes(new URL(text).protocol))
    throw new Error('a URL as in smtp://USER:PASSWORD@HOST:587')
  return text
}

export const networks = (text: string) => {
  for (const one of text.split(',').map((part) => part.trim())) {
    const [address = '', bits, ...more] = one.split('/')
    const most = isIP(address) === 4 ? 32 : 128
    if (isIP(address) === 0 || more.length > 0 || !(bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most)))
      throw new Error('addresses or networks, comma separated, as in 127.0.0.1,10.0.0.0/8')
  }
  return text
}

export const origins = (text: string) => {
  if (text === '*') return text
  const all = text.split(',').map((part) => part.trim())
  if (all.some((one) => URL.parse(one)?.origin !== one))
    throw new Error('origins, comma separated, as in https://app.example,http://localhost:3000, or *')
  return all.join(',')
}
