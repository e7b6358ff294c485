import type { Value } from '../record.js'

/** The members of a value that is an object; undefined for every other value. */
export function membersOf(value: Value): { readonly [name: string]: Value } | undefined {
  return isObject(value) ? value : undefined
}

function isObject(value: Value): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members of a value that is a list; empty for every other value and for none. */
export function listOf(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : []
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}
