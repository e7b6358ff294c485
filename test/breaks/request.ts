/** What is asked for on the command line of `npm run breaks`. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { breaks, testedBreaks } from './breaks.js'
import { MAX_RUNS } from './run-break.js'

/** A request that makes sense. */
export interface BreaksRequest {
  readonly what: 'breaks' | 'explain' | 'drivers'
  readonly json: boolean
  readonly only?: readonly string[]
  readonly maxRuns: number
  readonly campaigns: number
  readonly lanes: number
  readonly markdown?: string
  readonly log?: string
  readonly root?: string
}

/** The request, or why it is refused. */
export function breaksRequest(args: readonly string[]): BreaksRequest | { readonly refused: string } {
  const { values } = parseArgs({
    args: [...args],
    options: {
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
    },
  })
  const { only, markdown, log, root, explain = false, drivers = false, json = false } = values
  const all = [...breaks, ...testedBreaks]
  const unknown = (only ?? []).filter((id) => !all.some((broken) => broken.id === id))
  const numbers = {
    runs: Number(values.runs ?? MAX_RUNS),
    campaigns: Number(values.campaigns ?? 1),
    lanes: Number(values.lanes ?? availableParallelism()),
  }
  const wrong = (['runs', 'campaigns', 'lanes'] as const).filter((name) => !Number.isInteger(numbers[name]) || numbers[name] <= 0)
  if (unknown.length > 0) return { refused: `there is no break ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}` }
  if (wrong.length > 0)
    return { refused: wrong.map((name) => `--${name} ${String(values[name])}: a whole number above 0 is needed`).join('\n') }
  if (explain && drivers) return { refused: '--explain and --drivers: one at a time' }
  if (log !== undefined && !drivers) return { refused: '--log: only with --drivers' }
  return {
    what: explain ? 'explain' : drivers ? 'drivers' : 'breaks',
    json,
    ...(only && { only }),
    maxRuns: numbers.runs,
    campaigns: numbers.campaigns,
    lanes: numbers.lanes,
    ...(markdown !== undefined && { markdown }),
    ...(log !== undefined && { log }),
    ...(root !== undefined && { root }),
  }
}
