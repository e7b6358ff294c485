/** The tables of `docs/check.md` about breaks that die by exhaustion, written by the command that measures them. */
import { killOf, type ExhaustResult, type ReducedSight } from './exhaust.js'
import { describeScope, exhaustScopes } from './exhaust-scopes.js'

const BEGIN = '<!-- exhaust: written by npm run breaks -- --exhaust -->'
const END = '<!-- exhaust: end -->'

/** The page with both tables made anew: states of each scope, and where each break dies. */
export function withExhaustTables(page: string, results: readonly ExhaustResult[]): string {
  const [before, rest] = page.split(BEGIN)
  const [, after] = (rest ?? '').split(END)
  if (before === undefined || after === undefined) throw new Error(`the page needs the lines ${BEGIN} and ${END}`)
  const unbroken = results.filter(({ id }) => id === '')
  const broken = results.filter(({ id, reduced }) => id !== '' && reduced.some((each) => killOf(each) !== undefined))
  const others = results.filter((result) => result.id !== '' && !broken.includes(result))
  const lines = [
    ...scopesTable(unbroken[0]),
    '',
    ...breaksTable(broken),
    '',
    `Searched, and alive in all of these scopes: ${others.length === 0 ? 'none' : others.map(({ id }) => `\`${id}\``).join(', ')}.`,
  ]
  return `${before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${after}`
}

function scopesTable(unbroken: ExhaustResult | undefined): string[] {
  const reduced = unbroken?.reduced ?? []
  const rows = exhaustScopes.map((scope, i) => {
    const cells = reduced.map(({ sights }) => {
      const sight = sights.find((each) => each.scope === i)
      if (sight === undefined) return ''
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
  if (reduced.sights.length === 0) return 'not searched'
  const last = reduced.sights.at(-1)
  if (kill === undefined && last?.exhausted === false) return `${String(last.scope + 1)}: not among ${String(last.distinct)}`
  return kill === undefined ? 'not found' : `${String(kill.scope + 1)}: ${String(kill.distinct)}, ${String(kill.depth)}`
}

function heads(first: readonly string[], reduced: readonly ReducedSight[]): string[] {
  const names = reduced.map(({ reductions }) => reductions.replaceAll(',', ', '))
  return [line([...first, ...names]), line([...first.map(() => '---'), ...names.map(() => '---:')])]
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
