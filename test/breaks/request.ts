/** What is asked for on the command line of `npm run breaks`. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { InputError } from '../../src/flink/input-error.js'
import { parseReductions } from '../../src/search/scopes/reductions.js'
import { scopeOf } from '../../src/search/scopes/scope.js'
import { breaks, testedBreaks } from './breaks.js'
import { USUAL_SCOPES } from './exhaust-scopes.js'
import { MAX_RUNS } from './run-break.js'

/** A request that makes sense. */
export interface BreaksRequest {
  readonly what: 'breaks' | 'explain' | 'drivers' | 'exhaust'
  readonly json: boolean
  readonly only?: readonly string[]
  readonly maxRuns: number
  readonly campaigns: number
  readonly lanes: number
  /** Sets of reductions for `exhaust`, and how far it goes. */
  readonly reduce?: readonly string[]
  readonly states: number
  /** For one scope; without a limit where none is given. */
  readonly seconds: number
  /** The first scope that is searched, from 1, and the last. */
  readonly from: number
  readonly scopes: number
  readonly markdown?: string
  readonly log?: string
  readonly root?: string
}

const OPTIONS = {
  json: { type: 'boolean' },
  only: { type: 'string', multiple: true },
  runs: { type: 'string' },
  campaigns: { type: 'string' },
  lanes: { type: 'string' },
  markdown: { type: 'string' },
  root: { type: 'string' },
  explain: { type: 'boolean' },
  drivers: { type: 'boolean' },
  log: { type: 'string' },
  exhaust: { type: 'boolean' },
  reduce: { type: 'string', multiple: true },
  states: { type: 'string' },
  seconds: { type: 'string' },
  from: { type: 'string' },
  scopes: { type: 'string' },
} as const

/** Throws a TypeError for an option that there is not, or that lacks its value. */
function valuesOf(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS }).values
}

/** The request, or why it is refused. */
export function breaksRequest(args: readonly string[]): BreaksRequest | { readonly refused: string } {
  let values: ReturnType<typeof valuesOf>
  try {
    values = valuesOf(args)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return {
      refused: `${error.message}\nallowed: ${Object.keys(OPTIONS)
        .map((name) => `--${name}`)
        .join(', ')}`,
    }
  }
  const { only, markdown, log, root, reduce, explain = false, drivers = false, exhaust = false, json = false } = values
  const all = [...breaks, ...testedBreaks]
  const unknown = (only ?? []).filter((id) => !all.some((broken) => broken.id === id))
  const numbers = {
    runs: Number(values.runs ?? MAX_RUNS),
    campaigns: Number(values.campaigns ?? 1),
    lanes: Number(values.lanes ?? availableParallelism()),
    states: Number(values.states ?? 500_000),
    from: Number(values.from ?? 1),
    scopes: Number(values.scopes ?? USUAL_SCOPES),
  }
  const wrong = (['runs', 'campaigns', 'lanes', 'states', 'from', 'scopes'] as const).filter(
    (name) => !Number.isInteger(numbers[name]) || numbers[name] <= 0,
  )
  if (unknown.length > 0) return { refused: `there is no break ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}` }
  if (wrong.length > 0)
    return { refused: wrong.map((name) => `--${name} ${String(values[name])}: a whole number above 0 is needed`).join('\n') }
  if (numbers.from > numbers.scopes)
    return { refused: `--from ${String(numbers.from)}: behind the last one, --scopes ${String(numbers.scopes)}` }
  const acts = [
    ...(explain ? ['explain' as const] : []),
    ...(drivers ? ['drivers' as const] : []),
    ...(exhaust ? ['exhaust' as const] : []),
  ]
  if (acts.length > 1) return { refused: `${acts.map((act) => `--${act}`).join(' and ')}: one at a time` }
  const badReduction = (reduce ?? []).flatMap((text) => refusedReduction(text))
  if (badReduction.length > 0) return { refused: badReduction.join('\n') }
  if (reduce !== undefined && !exhaust) return { refused: '--reduce: only with --exhaust' }
  if (log !== undefined && !drivers && !exhaust) return { refused: '--log: only with --drivers or --exhaust' }
  const seconds = Number(values.seconds ?? Infinity)
  if (Number.isNaN(seconds) || seconds <= 0) return { refused: `--seconds ${String(values.seconds)}: a number above 0 is needed` }
  if (values.seconds !== undefined && !exhaust) return { refused: '--seconds: only with --exhaust' }
  return {
    what: acts[0] ?? 'breaks',
    json,
    ...(only && { only }),
    maxRuns: numbers.runs,
    campaigns: numbers.campaigns,
    lanes: numbers.lanes,
    states: numbers.states,
    seconds,
    from: numbers.from,
    scopes: numbers.scopes,
    ...(reduce && { reduce }),
    ...(markdown !== undefined && { markdown }),
    ...(log !== undefined && { log }),
    ...(root !== undefined && { root }),
  }
}

function refusedReduction(text: string): string[] {
  try {
    parseReductions(text, scopeOf())
    return []
  } catch (error) {
    if (error instanceof InputError) return [error.message]
    throw error
  }
}
