/** What `millrace replay` tells of a way that a check has found. */
import type { ReplayedWay, Scope, StoredWay } from '../search/index.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'
import { counted, grouped } from './numbers.js'
import type { Paint } from './paint.js'

/** How the way is named, and what is known of it besides. */
export interface WayContext {
  readonly token: string
  /** That shows it again. */
  readonly command: string
  readonly scope: (scope: Scope) => string
  /** What was stored, where it was a file. */
  readonly stored?: StoredWay
}

type Step = ReplayedWay['path'][number]

/** The text. */
export function wayReportText(way: ReplayedWay, context: WayContext, paint: Paint): string[] {
  const { scenario, mode, scope, verdict, reason, path, steps, deterministic } = way
  const shown = { holds: paint.good('HOLDS'), violated: paint.bad('VIOLATED'), incomplete: paint.unsure('INCOMPLETE') }[verdict]
  return [
    `scenario ${scenario}   mode ${mode}   scope ${context.scope(scope)}`,
    `${counted(path.length, 'step')} of ${grouped(steps)}, each delivery by itself:`,
    ...stepLines(path),
    '',
    ...(way.possible === undefined ? [] : divergence(path.length, way.possible, context)),
    ...changedReason(way, context),
    ...(deterministic ? [] : ['the way was gone twice, and led to different states: not deterministic']),
    `${shown}  ${reason ?? (verdict === 'holds' ? 'nothing is wrong at the end of this way any more' : 'the way cannot be gone to its end any more')}`,
    `  replay    ${context.command}`,
  ]
}

/** The steps of a way, with their numbers. */
export function stepLines(path: readonly Step[]): string[] {
  return path.map((step, number) => `  ${String(number)}. ${inWords(step)}`)
}

/** The first step that is not there, and what is. */
function divergence(number: number, possible: readonly Step[], { stored }: WayContext): string[] {
  const expected = stored?.steps[number]
  return [
    `the first step that is not possible any more: number ${String(number)}`,
    ...(expected === undefined ? [] : [`  expected  ${expected}`]),
    ...(possible.length === 0
      ? ['  possible  nothing']
      : possible.map((step, i) => `  ${i === 0 ? 'possible' : '        '}  ${inWords(step)}`)),
  ]
}

function changedReason({ reason }: ReplayedWay, { stored }: WayContext): string[] {
  if (stored === undefined || reason === undefined || reason === stored.reason) return []
  return [`what was wrong when it was stored: ${stored.reason}`]
}

function inWords({ action, answers }: Step): string {
  return [action, ...answers].join('; ')
}

/** The document of `replay --json` for a way. */
export function wayDocument(way: ReplayedWay, { token, command, stored }: WayContext): object {
  const { verdict, scenario, mode, scope, reason, deterministic, path, steps, possible } = way
  const expected = stored?.steps[path.length]
  return {
    schema: DOCUMENT_SCHEMA,
    verdict,
    scenario,
    mode,
    scope,
    replay: token,
    command,
    deterministic,
    reason: reason ?? null,
    steps,
    path,
    ...(possible !== undefined && { divergence: { step: path.length, ...(expected !== undefined && { expected }), possible } }),
  }
}
