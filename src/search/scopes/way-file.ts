/** A way that a check has found, as a file: its token, and each of its steps in words, so that the first that is missing has a name. */
import { z } from 'zod'
import { InputError } from '../../flink/input-error.js'
import { MODES, type Mode } from '../scenario.js'

/** Version of the format. */
export const WAY_SCHEMA = 1

/** A stored way. */
export interface StoredWay {
  readonly token: string
  readonly scenario: string
  readonly mode: Mode
  /** As a user writes it. */
  readonly scope: string
  /** What is wrong at its end. */
  readonly reason: string
  /** One for each step of the token. */
  readonly steps: readonly string[]
  /** The command-line options that name the job, when it is one of the user's own. */
  readonly job?: Readonly<Record<string, string | readonly string[]>>
}

const text = z.string().min(1)
const schema = z.strictObject({
  millrace: z.literal('way'),
  schema: z.literal(WAY_SCHEMA),
  token: text,
  scenario: text,
  mode: z.enum(MODES),
  scope: text,
  reason: text,
  steps: z.array(text),
  job: z.record(text, z.union([z.string(), z.array(z.string())])).exactOptional(),
})

/** The text of the file. */
export function wayText(way: StoredWay): string {
  return `${JSON.stringify({ millrace: 'way', schema: WAY_SCHEMA, ...way }, undefined, 2)}\n`
}

/** Whether the text of a file is meant as a stored way, of whatever version. */
export function isWayText(content: string): boolean {
  return /^\s*\{\s*"millrace":\s*"way"/.test(content)
}

/**
 * Reads the file.
 * @param where its path
 * @throws InputError when it is damaged, cut short, or of another version
 */
export function parseWay(content: string, where: string): StoredWay {
  const json = parsed(content, where)
  if (typeof json === 'object' && json !== null && 'schema' in json && json.schema !== WAY_SCHEMA) {
    const remedy = `schema ${String(WAY_SCHEMA)}; remove the file, or use the millrace that wrote it`
    throw new InputError(where, `a way of schema ${String(json.schema)}`, remedy)
  }
  const { success, data, error } = schema.safeParse(json)
  if (!success) {
    const [issue] = error.issues
    const place = `${where} $.${issue?.path.map(String).join('.') ?? ''}`
    throw new InputError(place, issue?.message ?? 'damaged', 'a file as millrace has written it; remove this one')
  }
  const { millrace: _, schema: __, ...way } = data
  return way
}

function parsed(content: string, where: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    throw new InputError(where, 'not JSON, or cut short', 'a file as millrace has written it; remove this one')
  }
}
