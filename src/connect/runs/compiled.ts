import { type CompiledMapping, compileMapping } from '../mapping/compile.ts'
import type { Mapping } from '../mapping/document.ts'

const MOST = 200
const compiled = new Map<string, CompiledMapping>()

/** A mapping ready to be used, remembered by what it says. Throws `MappingFault`. */
export function compiledOf(mapping: Mapping): CompiledMapping {
  const key = JSON.stringify(mapping)
  const known = compiled.get(key) ?? compileMapping(mapping)
  compiled.delete(key)
  compiled.set(key, known)
  const [oldest] = compiled.keys()
  if (compiled.size > MOST && oldest !== undefined) compiled.delete(oldest)
  return known
}
