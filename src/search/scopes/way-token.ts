/**
 * Tokens of ways that a check has found: `mw1.<scenario>.<mode>.<scope>.<steps>.<marks>`. The number after `mw` is the version of the
 * format. Reductions are not in it: the way is told with every delivery as a step of its own. State that travels inside the
 * acknowledgement is: it is another configuration. So is what is wrong where that is an output that there is not without faults: whoever
 * replays it has to look at all outputs without faults.
 */
import { InputError } from '../../flink/input-error.js'
import { nameFromToken, nameInToken } from '../replay-token.js'
import { MODES, type Mode } from '../scenario.js'
import { formatScope, parseScope, type Scope } from './scope.js'

/** Version of the format. */
export const WAY_TOKEN_VERSION = 1

/** A way through the states of a scenario within a scope, as a token names it. */
export interface NamedWay {
  readonly scenario: string
  readonly mode: Mode
  readonly scope: Scope
  /** State travels inside the acknowledgement. */
  readonly inlineState: boolean
  /** What is wrong at the end is an output that there is not without faults. */
  readonly surplus: boolean
  /** One for each step. */
  readonly marks: readonly string[]
}

const INLINE = 'inline'
const SURPLUS = 'surplus'
const ALLOWED = `mw${String(WAY_TOKEN_VERSION)}.<scenario>.<mode>.<scope>.<steps>.<marks>, as millrace check prints it`

/** The token of a way. */
export function formatWayToken({ scenario, mode, scope, inlineState, surplus, marks }: NamedWay): string {
  const size = formatScope(scope).replaceAll('=', '').replaceAll(',', '-')
  return [
    `mw${String(WAY_TOKEN_VERSION)}`,
    nameInToken(scenario),
    mode,
    [size, ...(inlineState ? [INLINE] : []), ...(surplus ? [SURPLUS] : [])].join('-'),
    String(marks.length),
    marks.join(''),
  ].join('.')
}

/** Whether a text is meant as such a token, of whatever version. */
export function isWayToken(text: string): boolean {
  return /^mw\d*(\.|$)/.test(text)
}

/**
 * The way that a token names.
 * @throws InputError when it is of another version, cut off or otherwise no such token
 */
export function parseWayToken(token: string): NamedWay {
  const [head = '', scenario = '', mode = '', size = '', count = '', marks = '', ...more] = token.split('.')
  const version = /^mw(\d+)$/.exec(head)?.[1]
  if (version === undefined) throw malformed('does not begin with a version')
  if (Number(version) !== WAY_TOKEN_VERSION) {
    const known = `mw${String(WAY_TOKEN_VERSION)}`
    throw new InputError(
      'replay token',
      `is of version ${version}; this millrace goes ways of version ${String(WAY_TOKEN_VERSION)}, and what the same marks mean may differ`,
      `a token that begins with ${known}, or the millrace that printed this one`,
    )
  }
  const parts = marks.match(/[\w-]{3}(?:~\d+)?/g) ?? []
  if (more.length > 0 || parts.length === 0 || String(parts.length) !== count || parts.join('') !== marks)
    throw malformed('is cut off or has a damaged part')
  const known = MODES.find((candidate) => candidate === mode)
  if (known === undefined) throw new InputError('replay token', `unknown mode '${mode}'`, MODES.join(', '))
  return { scenario: nameFromToken(scenario), mode: known, ...sizeOf(size), marks: parts }
}

function sizeOf(text: string): Pick<NamedWay, 'scope' | 'inlineState' | 'surplus'> {
  const parts = text.split('-')
  const surplus = parts.at(-1) === SURPLUS
  if (surplus) parts.pop()
  const inlineState = parts.at(-1) === INLINE
  if (inlineState) parts.pop()
  return { scope: parseScope(parts.map((part) => part.replace(/(?<=\D)(?=\d+$)/, '=')).join()), inlineState, surplus }
}

function malformed(what: string): InputError {
  return new InputError('replay token', what, ALLOWED)
}
