/** What to say of JSON that is not of the shape expected, in words that need no knowledge of any programming language. */
import type { z } from 'zod'
import { InputError } from './input-error.js'
import { jsonPath } from './json-text.js'

/**
 * The error for JSON that is not of the shape expected: what is missing or of another type, where, and what belongs there.
 * @param at place of the document, ending in `$…`
 * @param expected what the document should be
 */
export function shapeError({ issues: [issue] }: z.ZodError, json: unknown, at: string, expected: string): InputError {
  if (issue === undefined) return new InputError(at, 'not understood', expected)
  const where = `${at}${jsonPath(issue.path).slice(1)}`
  const found = issue.path.reduce<unknown>(memberOf, json)
  return new InputError(where, found === undefined ? 'missing' : `cannot be ${shown(found)}`, `${typesOf(issue)}; ${expected}`)
}

function memberOf(value: unknown, step: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, step)?.value : undefined
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value).slice(0, 60)
}

/** What JSON calls the types that a document is checked against. */
const jsonTypes: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function typesOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return jsonTypes[issue.expected] ?? issue.expected
    case 'invalid_union':
      return issue.errors.flatMap((errors) => errors.slice(0, 1).map(typesOf)).join(' or ')
    case 'invalid_value':
      return issue.values.map(String).join(', ')
    case 'too_small':
      return issue.origin === 'array' ? 'a list that is not empty' : `${String(issue.minimum)} or more`
    default:
      return 'another value'
  }
}
