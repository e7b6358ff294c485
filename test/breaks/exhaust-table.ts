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
  const unbroken = results.filter(({ id }) => id === '')
  const broken = results.filter(
    ({ id, reduced }) => id !== '' && reduced.some((each) => killOf(each) !== undefined || each.failed !== undefined),
  )
  const others = results.filter((result) => result.id !== '' && !broken.includes(result))
  const lines = [
    inWords(bounds),
    '',
    ...scopesTable(unbroken[0]),
    '',
    ...breaksTable(broken),
    '',
    `Searched, and alive in all of these scopes: ${others.length === 0 ? 'none' : others.map(({ id }) => `\`${id}\``).join(', ')}.`,
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

function scopesTable(unbroken: ExhaustResult | undefined): string[] {
  const reduced = unbroken?.reduced ?? []
  const rows = exhaustScopes.map((scope, i) => {
    const cells = reduced.map(({ sights }) => {
      const sight = sights.find((each) => each.scope === i)
      if (sight === undefined) return ''
      if (sight.reason !== '') return `alarm: ${sight.reason.replaceAll('|', '\\|')}`
      return sight.exhausted ? `${String(sight.distinct)} (${String(sight.terminals)})` : `over ${String(sight.distinct)}`
    })
    return line([String(i + 1), describeScope(scope), ...cells])
  })
  return [...heads(['', 'scope'], reduced), ...rows]
}

function breaksTable(broken: readonly ExhaustResult[]): string[] {
  const rows = broken.map(({ id, about, reduced }) => line([`\`${id}\``, about.replaceAll('|', '\\|'), ...reduced.map(cellOf)]))
  return [...heads(['break', 'what is wrong'], broken[0]?.reduced ?? []), ...rows]
}

/** Scope, states until then, and steps. */
function cellOf(reduced: ReducedSight): string {
  const kill = killOf(reduced)
  if (kill === undefined && reduced.failed !== undefined) return 'error of the measurement'
  if (reduced.sights.length === 0) return 'not searched'
  const mark = reduced.unconfirmed === true ? ' \\*' : ''
  const last = reduced.sights.at(-1)
  if (kill === undefined && last?.exhausted === false) return `${String(last.scope + 1)}: not among ${String(last.distinct)}`
  return kill === undefined ? 'not found' : `${String(kill.scope + 1)}: ${String(kill.distinct)}, ${String(kill.depth)}${mark}`
}

function heads(first: readonly string[], reduced: readonly ReducedSight[]): string[] {
  const names = reduced.map(({ reductions }) => reductions.replaceAll(',', ', '))
  return [line([...first, ...names]), line([...first.map(() => '---'), ...names.map(() => '---:')])]
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
