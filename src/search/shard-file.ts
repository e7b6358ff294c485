/** A shard of a campaign, as its results carry it: what is needed to add it to the others, and to see that they belong together. */
import { z } from 'zod'
import { InputError } from '../flink/input-error.js'
import { sortedJson } from '../history/index.js'
import { hashString } from '../world/index.js'
import type { CampaignOutcome, Shard } from './campaign.js'
import type { Cell } from './cell.js'
import { DRIVERS, type DriverName } from './drivers/driver-name.js'
import { runExperiment } from './experiment.js'
import { addTally } from './merge-tallies.js'
import type { RepeatedRuns } from './repeated-runs.js'
import { emptyTally, type RunTally } from './run-tally.js'
import { MODES, type Mode } from './scenario.js'

/** What the shards of one campaign have in common. */
export interface ShardedCampaign {
  readonly seed: string
  readonly driver: DriverName
  /** Runs of each cell in all shards together. */
  readonly runs: number
  /** Shards in all. */
  readonly of: number
  /** The cells, each with a hash over its job and the configuration in force. */
  readonly cells: readonly { readonly scenario: string; readonly mode: Mode; readonly configuration: string }[]
  /** The command-line options that name the job, when it is one of the user's own. */
  readonly job?: Readonly<Record<string, string | readonly string[]>>
}

/** The part of `results.json` that only a shard has. */
export interface ShardResult {
  readonly index: number
  /** The millrace that ran it. */
  readonly version: string
  readonly campaign: ShardedCampaign
  readonly tallies: readonly RunTally[]
  readonly seconds: number
  readonly repeated?: RepeatedRuns
  /** Files of failures that were run first. */
  readonly retried: readonly string[]
  /** Files of failures that it has stored itself. */
  readonly stored: readonly string[]
}

/** What a campaign is, so that its shards are known by it. */
export function shardedCampaign(
  cells: readonly Cell[],
  { seed, driver, runs, shard, job }: Pick<ShardedCampaign, 'seed' | 'driver' | 'runs' | 'job'> & { readonly shard: Shard },
): ShardedCampaign {
  const { of } = shard
  const known = cells.map((cell) => ({ scenario: cell.scenario.name, mode: cell.mode, configuration: configurationOf(cell) }))
  return { seed, driver, runs, of, cells: known, ...(job !== undefined && { job }) }
}

function configurationOf({ scenario, mode }: Cell): string {
  const { header } = runExperiment({ scenario, mode, seed: 'configuration', plan: [] }, { unjudged: true, maxSteps: 0 })
  const text = sortedJson(header)
  return [text, `${text} again`].map((each) => (hashString(each) >>> 0).toString(16).padStart(8, '0')).join('')
}

const text = z.string().min(1)
const count = z.number().min(0)
const table = z.record(z.string(), z.unknown())
const tally = z.looseObject({
  runs: count,
  counted: count,
  events: count,
  traces: z.looseObject({ high: count, low: count }),
  statuses: table,
  points: z.array(z.looseObject({ at: text })),
  anomalies: table,
  broken: table,
  witnesses: table,
  evidence: z.looseObject({ checkpointsCompleted: count, faults: table, strikes: table, strikeRuns: table }),
  defects: table,
})
const repeated = z.looseObject({ verdict: z.enum(['deterministic', 'differs']), runs: count })
const schema = z.object({
  index: z.int().min(1),
  version: text,
  campaign: z.object({
    seed: text,
    driver: z.enum(DRIVERS),
    runs: z.int().min(1),
    of: z.int().min(1),
    cells: z.array(z.object({ scenario: text, mode: z.enum(MODES), configuration: text })),
    job: z.record(text, z.union([z.string(), z.array(z.string())])).exactOptional(),
  }),
  tallies: z.array(z.custom<RunTally>((value) => tally.safeParse(value).success, 'no tally of runs')),
  seconds: count,
  repeated: z.custom<RepeatedRuns>((value) => repeated.safeParse(value).success, 'nothing about repeated runs').exactOptional(),
  retried: z.array(z.string()),
  stored: z.array(z.string()),
})

/**
 * Reads the shard in the results of `run --shard`.
 * @param where path of the file
 * @throws InputError when it is none, cut short or damaged
 */
export function parseShard(content: string, where: string): ShardResult {
  const remedy = 'a results.json that `millrace run --shard` has written'
  const json = parsedJson(content, where, remedy)
  if (typeof json !== 'object' || json === null || !('schema' in json)) throw new InputError(where, 'not the results of a campaign', remedy)
  if (json.schema !== 1) throw new InputError(where, `results of schema ${String(json.schema)}`, 'schema 1')
  if (!('shard' in json)) throw new InputError(where, 'the results of a whole campaign, not of a shard', remedy)
  const { success, data, error } = schema.safeParse(json.shard)
  if (success && data.index <= data.campaign.of && data.tallies.length === data.campaign.cells.length) return data
  const [issue] = error?.issues ?? []
  const place = ['shard', ...(issue?.path.map(String) ?? [])].join('.')
  throw new InputError(`${where} $.${place}`, issue?.message ?? 'damaged', remedy)
}

function parsedJson(content: string, where: string, remedy: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    throw new InputError(where, 'not JSON, or cut short', remedy)
  }
}

/** A shard and the file it came from. */
export interface ReadShard {
  readonly path: string
  readonly shard: ShardResult
}

/**
 * Makes sure that shards are of one campaign, and no two the same; returns them in their order.
 * @throws InputError when they cannot be merged
 */
export function belongingTogether(shards: readonly ReadShard[]): readonly ReadShard[] {
  const [first, ...others] = shards
  if (first === undefined) throw new InputError('merge', 'there is nothing to merge', 'the results of the shards of one campaign')
  for (const { path, shard } of others) {
    if (shard.version !== first.shard.version) {
      const versions = `of millrace ${shard.version}, and ${first.path} of ${first.shard.version}`
      throw new InputError(path, versions, 'shards that the same millrace has run')
    }
    const differs = firstDifference(first.shard.campaign, shard.campaign)
    if (differs !== undefined) throw new InputError(path, `${differs}, in ${first.path}: another campaign`, 'shards of the same campaign')
  }
  const sorted = shards.toSorted((a, b) => a.shard.index - b.shard.index)
  sorted.forEach(({ path, shard }, i) => {
    const before = sorted[i - 1]
    if (before?.shard.index !== shard.index) return
    const which = `shard ${String(shard.index)} of ${String(shard.campaign.of)}`
    throw new InputError(path, `${which} a second time, after ${before.path}`, 'each shard once')
  })
  return sorted
}

/** What differs between two campaigns, in words; undefined when they are the same. */
function firstDifference(one: ShardedCampaign, other: ShardedCampaign): string | undefined {
  for (const what of ['seed', 'driver', 'runs', 'of'] as const) {
    if (one[what] !== other[what]) return `${what === 'of' ? 'shards' : what} ${String(other[what])} here, ${String(one[what])}`
  }
  const names = ({ cells }: ShardedCampaign): string => cells.map(({ scenario, mode }) => `${scenario} ${mode}`).join(', ')
  if (names(one) !== names(other)) return `scenarios ${names(other)} here, ${names(one)}`
  if (sortedJson(one.job ?? null) !== sortedJson(other.job ?? null)) return 'another job here than the one'
  const changed = other.cells.find(({ configuration }, i) => configuration !== one.cells[i]?.configuration)
  return changed === undefined ? undefined : `another configuration of ${changed.scenario} ${changed.mode} here than the one`
}

/** The campaign that the shards are parts of; interrupted where runs of it are missing. */
export function mergedOutcome(shards: readonly ReadShard[], cells: readonly Cell[]): CampaignOutcome {
  const sums = cells.map(() => emptyTally())
  for (const { shard } of shards) shard.tallies.forEach((each, i) => addTo(sums[i], each))
  const campaign = shards[0]?.shard.campaign
  const runs = campaign?.runs ?? 0
  return {
    seed: campaign?.seed ?? '',
    driver: campaign?.driver ?? 'swarm',
    cells: cells.map((cell, i) => ({ cell, tally: sums[i] ?? emptyTally() })),
    interrupted: sums.some((each) => each.runs < runs),
    ...repeatedInAll(shards),
    seconds: shards.reduce((sum, { shard }) => sum + shard.seconds, 0),
  }
}

/** Absent where no shard was to repeat any. */
function repeatedInAll(shards: readonly ReadShard[]): { readonly repeated?: RepeatedRuns } {
  const all = shards.flatMap(({ shard }) => shard.repeated ?? [])
  if (all.length === 0) return {}
  const first = all.map((repeated) => repeated.first).find((difference) => difference !== undefined)
  const runs = all.reduce((sum, repeated) => sum + repeated.runs, 0)
  const repeated: RepeatedRuns = { verdict: first === undefined ? 'deterministic' : 'differs', runs, ...(first && { first }) }
  return { repeated }
}

function addTo(sum: RunTally | undefined, later: RunTally): void {
  if (sum !== undefined) addTally(sum, later)
}
