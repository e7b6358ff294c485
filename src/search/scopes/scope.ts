/** A scope: how much of a job, and how much that may go wrong, an exhaustive check covers; as a user writes it and as reports print it. */
import { InputError } from '../../flink/input-error.js'
import { didYouMean } from '../../flink/nearest-name.js'

/** Keys of what may go wrong by a fault, in the order of reports. */
const FAULT_KEYS = ['crashes', 'jobManagerCrashes', 'failures', 'outcomes', 'losses', 'disconnects', 'suspicions'] as const

/** Keys of all that may go wrong: a checkpoint may take too long without any fault. */
export const TROUBLE_KEYS = [...FAULT_KEYS, 'expiries'] as const

/** All keys, in the order of reports. */
export const SCOPE_KEYS = ['sources', 'subtasks', 'taskManagers', 'records', 'checkpoints', ...TROUBLE_KEYS] as const

/** A limit of a scope. */
export type ScopeKey = (typeof SCOPE_KEYS)[number]

/** How much there is, and how much may go wrong. */
export type Scope = Readonly<Record<ScopeKey, number>>

const ABOUT: Readonly<Record<ScopeKey, string>> = {
  sources: 'subtasks of each source, which read one split each',
  subtasks: 'subtasks of every other vertex',
  taskManagers: 'TaskManagers, which share the slots',
  records: 'records in each split',
  checkpoints: 'checkpoints: those that the timer begins, and the one at the end of the data',
  crashes: 'crashes of TaskManagers, between any two steps or at a failpoint',
  jobManagerCrashes: 'crashes of the JobManager, likewise; high availability is on',
  failures: 'exceptions at failpoints',
  outcomes: 'calls to outside systems that do not end in done',
  losses: 'remote procedure calls that are lost',
  disconnects: 'connections between processes of the job that break',
  suspicions: 'processes that are taken for dead although they live',
  expiries: 'checkpoints that each may take too long, by their ids from 1',
}

/** The least that makes sense, and what there is unless it is given. */
const LEAST: Scope = {
  sources: 1,
  subtasks: 1,
  taskManagers: 1,
  records: 1,
  checkpoints: 1,
  crashes: 0,
  jobManagerCrashes: 0,
  failures: 0,
  outcomes: 0,
  losses: 0,
  disconnects: 0,
  suspicions: 0,
  expiries: 0,
}

/** Larger numbers are a slip of the pen: nothing of that size was ever exhausted. */
const MOST = 9

/** What a key limits, in words. */
export function aboutScopeKey(key: ScopeKey): string {
  return ABOUT[key]
}

/** The smallest scope with what is given: nothing goes wrong in it unless that is. */
export function scopeOf(given: Partial<Scope> = {}): Scope {
  return { ...LEAST, ...given }
}

/**
 * Reads a scope such as `sources=2,records=1,checkpoints=2,crashes=1`.
 * @throws InputError for an unknown key, a key that is given twice, or a number that is none or too small
 */
export function parseScope(text: string): Scope {
  const given: Partial<Record<ScopeKey, number>> = {}
  for (const part of text.split(',')) {
    const [, name = '', number = ''] = /^\s*([^=\s]*)\s*=\s*(.*?)\s*$/.exec(part) ?? []
    if (name === '')
      throw new InputError(`scope ${text}`, `'${part.trim()}' is no key with a number`, `key=number, with the keys ${allKeys()}`)
    const key = keyNamed(name)
    if (given[key] !== undefined) throw new InputError(`scope ${key}`, 'given twice', 'one value')
    given[key] = valueOf(key, number)
  }
  return scopeOf(given)
}

function keyNamed(name: string): ScopeKey {
  const key = SCOPE_KEYS.find((known) => known === name)
  if (key !== undefined) return key
  throw new InputError(`scope ${name}`, `unknown key${didYouMean(name, SCOPE_KEYS)}`, allKeys())
}

function valueOf(key: ScopeKey, text: string): number {
  const value = Number(text)
  const least = LEAST[key]
  if (/^\d+$/.test(text) && value >= least && value <= MOST) return value
  throw new InputError(`scope ${key}=${text}`, 'not a usable number', `a whole number from ${String(least)} to ${String(MOST)}`)
}

function allKeys(): string {
  return SCOPE_KEYS.join(', ')
}

/** The scope as it is written: what is as usual is left out, but for what every scope is told by. */
export function formatScope(scope: Scope): string {
  const always: readonly ScopeKey[] = ['sources', 'records', 'checkpoints', 'crashes']
  return SCOPE_KEYS.filter((key) => always.includes(key) || scope[key] !== LEAST[key])
    .map((key) => `${key}=${String(scope[key])}`)
    .join(',')
}

/** All faults, counted together. */
export function faultsOf(scope: Scope): number {
  return FAULT_KEYS.reduce((sum, key) => sum + scope[key], 0)
}

/** The same scope, with nothing that goes wrong. */
export function withoutFaults(scope: Scope): Scope {
  return TROUBLE_KEYS.reduce((calmer, key) => ({ ...calmer, [key]: 0 }), scope)
}
