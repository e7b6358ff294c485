/**
 * Replay tokens: one string that names a run. `mr1.<scenario>.<mode>.<seed>`, and behind it, when plan, choices, priorities or job
 * are not those of seed and scenario, `.<base64url of their JSON>`. The number after `mr` is the version of the format.
 */
import { z } from 'zod'
import type { FaultPlan } from '../faults/index.js'
import { InputError } from '../flink/input-error.js'
import type { Override } from '../world/index.js'
import type { Priorities } from './drivers/priorities.js'
import { overridesSchema, planSchema, prioritiesSchema } from './fault-schema.js'
import { reductionSchema } from './reduction-schema.js'
import type { Reduction } from './reduction.js'
import { MODES, type Mode } from './scenario.js'

/** Version of the format; a token of another one names a run that this millrace cannot rebuild. */
export const TOKEN_VERSION = 1

/** A run as a token names it. */
export interface RunName {
  readonly scenario: string
  readonly mode: Mode
  readonly seed: string
  /** Absent: the plan that the seed draws. */
  readonly plan?: FaultPlan
  readonly overrides?: readonly Override[]
  /** Absent: latencies are drawn one by one. */
  readonly priorities?: Priorities
  /** A new job restores each completed checkpoint, in a branch of its own; absent: for a share of the seeds. */
  readonly restores?: true
  /** What is left of the scenario's job; absent: all of it. */
  readonly reduction?: Reduction
}

/** The token of a run. */
export function formatToken({ scenario, mode, seed, ...changes }: RunName): string {
  const parts = [`mr${TOKEN_VERSION}`, nameInToken(scenario), mode, nameInToken(seed)]
  const { plan, overrides, priorities, restores, reduction } = changes
  if (Object.values(changes).some((change) => change !== undefined)) {
    parts.push(Buffer.from(JSON.stringify({ plan, overrides, priorities, restores, reduction })).toString('base64url'))
  }
  return parts.join('.')
}

/**
 * The run that a token names.
 * @throws InputError when it is of another version, cut off or otherwise no token
 */
export function parseToken(token: string): RunName {
  const [head = '', scenario, mode, seed, changes, ...more] = token.split('.')
  const version = /^mr(\d+)$/.exec(head)?.[1]
  if (version === undefined) throw malformed('does not begin with a version')
  if (Number(version) !== TOKEN_VERSION) {
    throw new InputError(
      'replay token',
      `is of version ${version}; this millrace replays version ${TOKEN_VERSION}, and what the same choices mean may differ`,
      `a token that begins with mr${TOKEN_VERSION}, or the millrace that printed this one`,
    )
  }
  const known = MODES.find((candidate) => candidate === mode)
  if (scenario === undefined || seed === undefined || scenario === '' || seed === '' || more.length > 0) {
    throw malformed('is cut off or has too many parts')
  }
  if (known === undefined) throw new InputError('replay token', `unknown mode '${mode ?? ''}'`, MODES.join(', '))
  return {
    scenario: nameFromToken(scenario),
    mode: known,
    seed: nameFromToken(seed),
    ...(changes === undefined ? {} : parseChanges(changes)),
  }
}

/** Absent members stay absent. */
const changesSchema = z.object({
  plan: planSchema.exactOptional(),
  overrides: overridesSchema.exactOptional(),
  priorities: prioritiesSchema.exactOptional(),
  restores: z.literal(true).exactOptional(),
  reduction: reductionSchema.exactOptional(),
})

function parseChanges(text: string): z.infer<typeof changesSchema> {
  const { success, data } = changesSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')))
  if (!success) throw malformed('has a damaged last part')
  return data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('has a damaged last part')
  }
}

function malformed(what: string): InputError {
  return new InputError('replay token', what, `mr${TOKEN_VERSION}.<scenario>.<mode>.<seed>, as millrace prints it`)
}

/** A name as it stands in a token, and in names of files: only letters, digits, `-` and `_` stay, so that it needs no quotes in a shell. */
export function nameInToken(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const letter = String.fromCharCode(byte)
    return /[\w-]/.test(letter) ? letter : `~${byte.toString(16).padStart(2, '0')}`
  }).join('')
}

/**
 * The name that stands so in a token.
 * @throws InputError when none does
 */
export function nameFromToken(text: string): string {
  if (!/^(?:[\w-]|~[0-9a-f]{2})+$/.test(text)) throw malformed('has a part that is no name')
  const bytes = text.replace(/~([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
