/** The tables of `docs/check.md` about breaks that die by exhaustion, written by the command that measures them. */
import { killOf, type ExhaustResult, type ReducedSight } from './exhaust.js'
import { describeScope, exhaustScopes } from './exhaust-scopes.js'

const BEGIN = '<!-- exhaust: written by npm run breaks -- --exhaust -->'
const END = '<!-- exhaust: end -->'

/** How far each scope was searched. */
export interface ExhaustBounds {
  readonly maxStates: number
  readonly maxSeconds: number
}

/** The page with both tables made anew: states of each scope, and where each break dies. */
export function withExhaustTables(page: string, results: readonly ExhaustResult[], bounds: ExhaustBounds): string {
  const [before, rest] = page.split(BEGIN)
  const [, after] = (rest ?? '').split(END)
  if (before === undefined || after === undefined) throw new Error(`the page needs the lines ${BEGIN} and ${END}`)
  const unbroken = results.find(({ id }) => id === '')?.reduced ?? []
  const columns = unbroken.map(({ reductions }) => reductions)
  const broken = results.filter(
    ({ id, reduced }) => id !== '' && reduced.some((each) => killOf(each) !== undefined || each.failed !== undefined),
  )
  const others = results.filter((result) => result.id !== '' && !broken.includes(result))
  const alive = others.map(
    ({ id, reduced }) => `\`${id}\` (${reduced.map(({ reductions }) => reductions.replaceAll(',', ', ')).join('; ')})`,
  )
  const lines = [
    inWords(bounds),
    ...['', ...scopesTable(columns, unbroken)],
    ...['', outputsInWords(unbroken)],
    ...['', ...breaksTable(columns, broken)],
    ...['', `Searched, and alive in all of these scopes: ${alive.length === 0 ? 'none' : alive.join(', ')}.`],
  ]
  return `${before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${after}`
}

function inWords({ maxStates, maxSeconds }: ExhaustBounds): string {
  const seconds = Number.isFinite(maxSeconds) ? ` and ${String(maxSeconds)} seconds` : ''
  return (
    `Each scope was searched up to ${String(maxStates)} distinct states${seconds}. \\*: found deeper than the unbroken engine was searched ` +
    'in that scope. A scope in which the unbroken engine shows anything is no place to look for breaks; it is marked.'
  )
}

/** Whether what is visible at the ends is the same, in each scope, with all reductions that came to its end. */
function outputsInWords(unbroken: readonly ReducedSight[]): string {
  const differing = exhaustScopes.flatMap((_, i) => {
    const exhausted = unbroken.flatMap(({ sights }) => sights.filter(({ scope, exhausted: whole }) => scope === i && whole))
    return new Set(exhausted.map(({ outputs }) => outputs.join('\n'))).size > 1 ? [String(i + 1)] : []
  })
  const which = differing.length === 0 ? 'in all scopes' : `but in ${differing.join(', ')}`
  return `Where a scope was exhausted, what is visible at the ends is the same with all reductions ${which}.`
}

function scopesTable(columns: readonly string[], unbroken: readonly ReducedSight[]): string[] {
  const searched = new Set(unbroken.flatMap(({ sights }) => sights.map(({ scope }) => scope)))
  const rows = exhaustScopes.flatMap((scope, i) => {
    if (!searched.has(i)) return []
    const cells = columns.map((column) => {
      const sight = unbroken.find(({ reductions }) => reductions === column)?.sights.find((each) => each.scope === i)
      if (sight === undefined) return ''
      if (sight.reason !== '') return `alarm: ${sight.reason.replaceAll('|', '\\|')}`
      return sight.exhausted ? `${String(sight.distinct)} (${String(sight.terminals)})` : `over ${String(sight.distinct)}`
    })
    return [line([String(i + 1), describeScope(scope), ...cells])]
  })
  return [...heads(['', 'scope'], columns), ...rows]
}

function breaksTable(columns: readonly string[], broken: readonly ExhaustResult[]): string[] {
  const rows = broken.map(({ id, about, reduced }) => {
    const cells = columns.map((column) => cellOf(reduced.find(({ reductions }) => reductions === column)))
    return line([`\`${id}\``, about.replaceAll('|', '\\|'), ...cells])
  })
  return [...heads(['break', 'what is wrong'], columns), ...rows]
}

/** Scope, states until then, and steps. */
function cellOf(reduced: ReducedSight | undefined): string {
  if (reduced === undefined) return 'not searched'
  const kill = killOf(reduced)
  if (kill === undefined && reduced.failed !== undefined) return 'error of the measurement'
  if (reduced.sights.length === 0) return 'not searched'
  const mark = reduced.unconfirmed === true ? ' \\*' : ''
  const last = reduced.sights.at(-1)
  if (kill === undefined && last?.bound !== undefined) return `${String(last.scope + 1)}: no symmetry`
  if (kill === undefined && last?.exhausted === false) return `${String(last.scope + 1)}: not among ${String(last.distinct)}`
  return kill === undefined
    ? `not up to ${String((last?.scope ?? 0) + 1)}`
    : `${String(kill.scope + 1)}: ${String(kill.distinct)}, ${String(kill.depth)}${mark}`
}

function heads(first: readonly string[], columns: readonly string[]): string[] {
  const names = columns.map((reductions) => reductions.replaceAll(',', ', '))
  return [line([...first, ...names]), line([...first.map(() => '---'), ...names.map(() => '---:')])]
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
