/** A scope: how much of a job, and how much that may go wrong, an exhaustive check covers; as a user writes it and as reports print it. */
import { InputError } from '../../flink/input-error.js'
import { nearestName } from '../../flink/nearest-name.js'

/** What each key of a scope limits, the value it has unless it is given, and the least that makes sense. */
const KEYS = {
  sources: { about: 'subtasks of each source, which read one split each', usual: 1, least: 1 },
  subtasks: { about: 'subtasks of every other vertex', usual: 1, least: 1 },
  taskManagers: { about: 'TaskManagers, which share the slots', usual: 1, least: 1 },
  records: { about: 'records in each split', usual: 1, least: 1 },
  checkpoints: { about: 'checkpoints: those that the timer begins, and the one at the end of the data', usual: 1, least: 1 },
  crashes: { about: 'crashes of TaskManagers, between any two steps or at a failpoint', usual: 0, least: 0 },
  jobManagerCrashes: { about: 'crashes of the JobManager, likewise; high availability is on', usual: 0, least: 0 },
  failures: { about: 'exceptions at failpoints', usual: 0, least: 0 },
  outcomes: { about: 'calls to outside systems that do not end in done', usual: 0, least: 0 },
  losses: { about: 'remote procedure calls that are lost', usual: 0, least: 0 },
  disconnects: { about: 'connections between processes of the job that break', usual: 0, least: 0 },
  suspicions: { about: 'processes that are taken for dead although they live', usual: 0, least: 0 },
  expiries: { about: 'checkpoints that each may take too long, by their ids from 1', usual: 0, least: 0 },
} as const

/** A limit of a scope. */
export type ScopeKey = keyof typeof KEYS

/** How much there is, and how much may go wrong. */
export type Scope = Readonly<Record<ScopeKey, number>>

/** All keys, in the order of reports. */
export const SCOPE_KEYS: readonly ScopeKey[] = [
  'sources',
  'subtasks',
  'taskManagers',
  'records',
  'checkpoints',
  'crashes',
  'jobManagerCrashes',
  'failures',
  'outcomes',
  'losses',
  'disconnects',
  'suspicions',
  'expiries',
]

/** Larger numbers are a slip of the pen: nothing of that size was ever exhausted. */
const MOST = 9

/** What a key limits, in words. */
export function aboutScopeKey(key: ScopeKey): string {
  return KEYS[key].about
}

/** A scope with the usual value for what is not given: the smallest in which nothing goes wrong. */
export function scopeOf(given: Partial<Scope> = {}): Scope {
  const usual = (key: ScopeKey): number => given[key] ?? KEYS[key].usual
  return {
    sources: usual('sources'),
    subtasks: usual('subtasks'),
    taskManagers: usual('taskManagers'),
    records: usual('records'),
    checkpoints: usual('checkpoints'),
    crashes: usual('crashes'),
    jobManagerCrashes: usual('jobManagerCrashes'),
    failures: usual('failures'),
    outcomes: usual('outcomes'),
    losses: usual('losses'),
    disconnects: usual('disconnects'),
    suspicions: usual('suspicions'),
    expiries: usual('expiries'),
  }
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
  const nearest = nearestName(name, SCOPE_KEYS)
  throw new InputError(`scope ${name}`, `unknown key${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`, allKeys())
}

function valueOf(key: ScopeKey, text: string): number {
  const value = Number(text)
  const { least } = KEYS[key]
  if (/^\d+$/.test(text) && value >= least && value <= MOST) return value
  throw new InputError(`scope ${key}=${text}`, 'not a usable number', `a whole number from ${String(least)} to ${String(MOST)}`)
}

function allKeys(): string {
  return SCOPE_KEYS.join(', ')
}

/** The scope as it is written: what is as usual is left out, but for what every scope is told by. */
export function formatScope(scope: Scope): string {
  const always: readonly ScopeKey[] = ['sources', 'records', 'checkpoints', 'crashes']
  return SCOPE_KEYS.filter((key) => always.includes(key) || scope[key] !== KEYS[key].usual)
    .map((key) => `${key}=${String(scope[key])}`)
    .join(',')
}

/** Everything that may go wrong, counted together. */
export function faultsOf(scope: Scope): number {
  return scope.crashes + scope.jobManagerCrashes + scope.failures + scope.outcomes + scope.losses + scope.disconnects + scope.suspicions
}

/** The same scope, with nothing that goes wrong. */
export function withoutFaults(scope: Scope): Scope {
  return { ...scope, crashes: 0, jobManagerCrashes: 0, failures: 0, outcomes: 0, losses: 0, disconnects: 0, suspicions: 0, expiries: 0 }
}
