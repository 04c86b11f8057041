import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'
import examples from 'libphonenumber-js/examples.mobile.json'
import { digitsOfPhone, toPhone } from '../../src/store/phone.ts'

/** Of countries, and those that belong to none. */
const CODES = [
  ...new Set([...getCountries().map((one) => getCountryCallingCode(one)), '800', '808', '870', '878', '881', '883']),
]
const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 13 }).map((each) => each.join(''))

/** What the library says, which looks for the very country. */
function agrees(text: string, country: CountryCode): void {
  const found = parsePhoneNumberFromString(text, country)
  if (!found?.isPossible()) return
  assert.equal(toPhone(text, country), found.number)
  const read = parsePhoneNumberFromString(found.number)?.nationalNumber as string
  assert.deepEqual(digitsOfPhone(found.number), [found.number.slice(1), read, `0${read}`])
}

test('numbers in E.164 are stored and found as the library reads them, whatever follows the calling code', () => {
  const country = fc.constantFrom(...getCountries())
  fc.assert(
    fc.property(fc.constantFrom(...CODES), digits, country, (code, rest, from) => agrees(`+${code}${rest}`, from)),
    { numRuns: 20_000 },
  )
})

test('the number of every country is read, with the digits in front of it that people dial within it', () => {
  for (const country of getCountries()) {
    const example = getExampleNumber(country, examples)
    if (example === undefined) continue
    const { countryCallingCode, nationalNumber, number } = example
    assert.equal(toPhone(number, 'US'), number)
    for (const before of ['0', '1', '8', '01', '06', '9', '15'])
      agrees(`+${countryCallingCode}${before}${nationalNumber}`, 'US')
  }
})
