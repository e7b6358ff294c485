/**
 * A failing run as a file: its token, its plan, its choices and what it showed. It replays after changes of the engine that do not
 * concern it; where it does not, the first choice that differs says why.
 */
import { z } from 'zod'
import { ANOMALIES, type AnomalyName } from '../guarantees/index.js'
import type { FaultPlan } from '../faults/index.js'
import { InputError } from '../flink/input-error.js'
import type { Override } from '../world/index.js'
import type { Choice } from './choice-log.js'
import type { Priorities } from './drivers/priorities.js'
import { overridesSchema, planSchema, prioritiesSchema } from './fault-schema.js'
import { reductionSchema } from './reduction-schema.js'
import type { Reduction } from './reduction.js'
import { MODES, type Mode } from './scenario.js'
import type { Sighting } from './sighting.js'

/** Version of the format. */
export const FAILURE_SCHEMA = 1

/** What a run showed. */
export type FailureVerdict = Pick<Sighting, 'guarantee' | 'at' | 'sink' | 'anomaly' | 'rule'> & { readonly message: string }

/** A stored failure. */
export interface Failure {
  readonly token: string
  readonly scenario: string
  readonly mode: Mode
  readonly seed: string
  readonly plan: FaultPlan
  /** Choices that differ from what the streams of the seed draw. */
  readonly overrides: readonly Override[]
  /** Absent: latencies are drawn one by one. */
  readonly priorities?: Priorities
  /** All of its completed checkpoints were restored; absent: if its seed says so. */
  readonly restores?: true
  /** What is left of the scenario's job; absent: all of it. */
  readonly reduction?: Reduction
  /** All choices of the run, in order. */
  readonly choices: readonly Choice[]
  readonly traceHash: string
  readonly verdict: FailureVerdict
  /** The command-line options that name the job, when it is one of the user's own. */
  readonly job?: Readonly<Record<string, string | readonly string[]>>
}

const text = z.string().min(1)
const count = z.int().min(0)
const schema = z.strictObject({
  millrace: z.literal('failure'),
  schema: z.literal(FAILURE_SCHEMA),
  token: text,
  scenario: text,
  mode: z.enum(MODES),
  seed: text,
  plan: planSchema,
  overrides: overridesSchema,
  priorities: prioritiesSchema.exactOptional(),
  restores: z.literal(true).exactOptional(),
  reduction: reductionSchema.exactOptional(),
  verdict: z.strictObject({
    guarantee: z.enum(['exactly-once', 'at-least-once', 'at-most-once', 'none', 'protocol', 'progress']),
    at: text,
    sink: text.exactOptional(),
    anomaly: z.custom<AnomalyName>((value) => typeof value === 'string' && value in ANOMALIES),
    rule: text,
    message: z.string(),
  }),
  traceHash: text,
  job: z.record(text, z.union([z.string(), z.array(z.string())])).exactOptional(),
  /** Four numbers a choice: its stream (an index into `streams`), ordinal, answers, value. */
  choices: z.strictObject({ streams: z.array(text), numbers: z.array(count) }),
})

/** The text of the file. The choices, which nobody reads, are one line. */
export function failureText({ choices, ...failure }: Failure): string {
  const streams = [...new Set(choices.map(({ stream }) => stream))]
  const place = new Map(streams.map((stream, index) => [stream, index]))
  const numbers = choices.flatMap(({ stream, ordinal, of, value }) => [place.get(stream) ?? 0, ordinal, of, value])
  const readable = JSON.stringify({ millrace: 'failure', schema: FAILURE_SCHEMA, ...failure }, undefined, 2)
  return `${readable.slice(0, -2)},\n  "choices": ${JSON.stringify({ streams, numbers })}\n}\n`
}

/**
 * Reads the file.
 * @param where its path
 * @throws InputError when it is no failure, cut short, or of another version
 */
export function parseFailure(content: string, where: string): Failure {
  const json = parsed(content, where)
  if (typeof json !== 'object' || json === null || !('millrace' in json) || json.millrace !== 'failure')
    throw new InputError(where, 'not a stored failure', 'a file that millrace has written under failures/')
  if (!('schema' in json) || json.schema !== FAILURE_SCHEMA) {
    const version = 'schema' in json ? String(json.schema) : 'unknown'
    throw new InputError(
      where,
      `a failure of schema ${version}`,
      `schema ${String(FAILURE_SCHEMA)}; remove the file, or use the millrace that wrote it`,
    )
  }
  const { success, data, error } = schema.safeParse(json)
  if (!success) {
    const [issue] = error.issues
    throw new InputError(
      `${where} $.${issue?.path.map(String).join('.') ?? ''}`,
      issue?.message ?? 'damaged',
      'a file as millrace has written it; remove this one',
    )
  }
  const { millrace: _, schema: __, choices, ...failure } = data
  return { ...failure, choices: choicesOf(choices) }
}

function parsed(content: string, where: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    throw new InputError(where, 'not JSON, or cut short', 'a file as millrace has written it; remove this one')
  }
}

function choicesOf({ streams, numbers }: { readonly streams: readonly string[]; readonly numbers: readonly number[] }): Choice[] {
  return Array.from({ length: Math.floor(numbers.length / 4) }, (_, i) => {
    const [stream = 0, ordinal = 0, of = 0, value = 0] = numbers.slice(4 * i, 4 * i + 4)
    return { stream: streams[stream] ?? '', ordinal, of, value }
  })
}
