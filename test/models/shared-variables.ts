/** Small concurrent programs over shared variables, the programs of Concuerror's tests: each step of a process reads or writes one. */
import { atTheEnd, type Concurrent } from '../../src/check/index.js'

/** What a process does next. */
export type Access =
  | { readonly process: number; readonly kind: 'read'; readonly variable: string }
  | { readonly process: number; readonly kind: 'write'; readonly variable: string; readonly value: number }

/** Where each process is, what it read last, and the variables. */
export interface ProgramState {
  readonly at: readonly number[]
  readonly read: readonly number[]
  readonly variables: Readonly<Record<string, number>>
}

/** What a process does as its nth step, given what it read last; undefined: it has ended. */
type Program = (
  step: number,
  lastRead: number,
) => { kind: 'read'; variable: string } | { kind: 'write'; variable: string; value: number } | undefined

function concurrent(
  name: string,
  programs: readonly Program[],
  variables: Readonly<Record<string, number>>,
): Concurrent<ProgramState, Access> {
  return {
    name,
    processes: programs.length,
    initial: () => [{ at: programs.map(() => 0), read: programs.map(() => -1), variables }],
    actions: ({ at, read }) =>
      programs.flatMap((program, process) => {
        const step = program(at[process]!, read[process]!)
        return step === undefined ? [] : [{ process, ...step }]
      }),
    next: ({ at, read, variables: before }, access) => {
      const { process, kind, variable } = access
      const moved = at.with(process, at[process]! + 1)
      if (kind === 'write') return { at: moved, read, variables: { ...before, [variable]: access.value } }
      return { at: moved, read: read.with(process, before[variable] ?? -1), variables: before }
    },
    properties: [atTheEnd('all have ended', ({ at, read }) => programs.every((program, i) => program(at[i]!, read[i]!) === undefined))],
    process: ({ process }) => process,
    dependent: (one, other) => one.variable === other.variable && (one.kind === 'write' || other.kind === 'write'),
  }
}

/** `readers`: one writes x; each of the others reads a variable of its own, then x. Who reads before the write is all that matters. */
export function readers(count: number): Concurrent<ProgramState, Access> {
  const writer: Program = (step) => (step === 0 ? { kind: 'write', variable: 'x', value: 42 } : undefined)
  const reader = (own: number): Program => {
    return (step) => (step < 2 ? { kind: 'read', variable: step === 0 ? `own ${own}` : 'x' } : undefined)
  }
  return concurrent(`readers(${count})`, [writer, ...Array.from({ length: count }, (_, i) => reader(i))], {})
}

/** `last_zero`: the array's elements are counted up one after the other from their neighbours; one process looks for the last zero. */
export function lastZero(count: number): Concurrent<ProgramState, Access> {
  const element = (i: number): string => `element ${i}`
  const reader: Program = (step, read) => {
    return step === 0 || (read !== 0 && step < count) ? { kind: 'read', variable: element(count - step) } : undefined
  }
  const writer = (i: number): Program => {
    return (step, read) => {
      if (step === 0) return { kind: 'read', variable: element(i - 1) }
      return step === 1 ? { kind: 'write', variable: element(i), value: read + 1 } : undefined
    }
  }
  const variables = Object.fromEntries(Array.from({ length: count + 1 }, (_, i) => [element(i), 0]))
  return concurrent(`last_zero(${count})`, [reader, ...Array.from({ length: count }, (_, i) => writer(i + 1))], variables)
}
