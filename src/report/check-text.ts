import type { CheckedScopes, ComparedScope, ReductionName, Scope } from '../search/index.js'
import { counted, grouped, percent } from './numbers.js'
import type { Paint } from './paint.js'
import { textTable } from './text-table.js'
import { stepLines } from './way-report.js'

/** How scopes and reductions are called. */
export interface CheckWords {
  readonly scope: (scope: Scope) => string
  readonly reduction: (name: ReductionName) => string
  /** The command that goes the way of a token. */
  readonly replay: (token: string) => string
  /** The file in which the violation is stored. */
  readonly stored?: string
}

/** What `millrace check` prints. */
export function checkText({ verdict, checked, left, interrupted }: CheckedScopes, words: CheckWords, paint: Paint): string[] {
  const last = checked.at(-1)
  if (last === undefined) return []
  const shown = { holds: paint.good('HOLDS'), violated: paint.bad('VIOLATED'), incomplete: paint.unsure('INCOMPLETE') }[verdict]
  return [
    `${last.scenario}, ${last.mode}: ${shown}`,
    ...checked.flatMap(({ scope, because }) =>
      because.map((reason) => `  ${checked.length > 1 ? `${words.scope(scope)}: ` : ''}${reason}`),
    ),
    '',
    ...scopeTable(checked, words),
    ...left.map((scope) => `${words.scope(scope)}: not begun, ${whyLeft(checked, interrupted)}`),
    '',
    ...theorem(last, words),
    '',
    ...sometimesTable(last),
    ...(last.violation === undefined ? [] : ['', ...pathText(last.violation, words)]),
  ]
}

function whyLeft(checked: readonly ComparedScope[], interrupted: boolean): string {
  const reasons: readonly (readonly [boolean, string])[] = [
    [interrupted, 'the check was interrupted'],
    [checked.some(({ verdict }) => verdict === 'violated'), 'another one is violated'],
    [checked.some(({ exhausted, verdict }) => !exhausted && verdict !== 'violated'), 'it includes one that was too large'],
  ]
  return reasons.flatMap(([applies, reason]) => (applies ? [reason] : [])).join(', or ')
}

function scopeTable(checked: readonly ComparedScope[], words: CheckWords): string[] {
  const columns = [
    { heading: 'scope' },
    ...['states', 'steps', 'depth', 'ends', 'seconds', 'states/s', 'MB'].map((heading) => ({ heading, align: 'right' as const })),
    { heading: 'verdict' },
  ]
  return textTable(
    columns,
    checked.map(({ scope, distinct, generated, depth, terminals, seconds, peakMemoryBytes, verdict }) => [
      words.scope(scope),
      grouped(distinct),
      grouped(generated),
      String(depth),
      grouped(terminals),
      seconds.toFixed(1),
      grouped(Math.round(distinct / Math.max(seconds, 0.001))),
      grouped(Math.round(peakMemoryBytes / 1e6)),
      verdict,
    ]),
  )
}

/** What was shown, and what of it is open. */
function theorem(
  { exhausted, exact, secondSeed, collisionProbability, hitRate, reductions, switchedOff, transparent, endless }: ComparedScope,
  words: CheckWords,
): string[] {
  return [
    'every order in which messages and timers can arrive, every point at which the faults of the scope can strike',
    `exhausted: ${exhausted ? 'yes' : 'no'}; ${exact ? 'whole states were compared' : `collision probability ${collisionProbability.toExponential(1)}`}; steps remembered: ${percent(hitRate)}`,
    ...(secondSeed === undefined ? [] : [`the same with other fingerprints: ${secondSeed.equal ? 'yes' : 'no'}`]),
    ...(transparent === undefined ? [] : [`outputs with faults are those without: ${transparent ? 'yes' : 'no'}`]),
    ...(endless === undefined ? [] : [`every way comes to an end, whoever is late: ${endless === 0 ? 'yes' : 'not shown'}`]),
    `reductions: ${reductions.length === 0 ? 'none' : ''}`.trimEnd(),
    ...reductions.map((name) => `  ${name}: ${words.reduction(name)}`),
    `switched off by the scope: ${switchedOff.length === 0 ? 'nothing' : ''}`.trimEnd(),
    ...switchedOff.map((what) => `  ${what}`),
  ]
}

function sometimesTable({ sometimes, timersBranched }: ComparedScope): string[] {
  const rows = sometimes.map(({ name, seen, required }) => [name, seen ? 'yes' : 'no', required ? 'required' : ''])
  const branched = timersBranched.length === 0 ? '' : ` (${timersBranched.join(', ')})`
  return [
    ...textTable([{ heading: 'sometimes' }, { heading: 'seen' }, { heading: '' }], rows),
    `timers that might have fired earlier or later: ${String(timersBranched.length)}${branched}`,
  ]
}

function pathText(
  { path, token, endless, nondeterministic }: NonNullable<ComparedScope['violation']>,
  { replay, stored }: CheckWords,
): string[] {
  const [again, why] =
    endless === true
      ? ['the next one of which does not end', 'whoever goes there comes to no end']
      : nondeterministic === true
        ? ['the last one of which was repeated', 'it need not come to the same again']
        : ['as a world takes it again', 'without reductions it is another way']
  return [
    `the way there, ${counted(path.length, 'step')}, ${again}:`,
    ...stepLines(path),
    ...(token === undefined ? [`  no token: ${why}`] : [`  replay    ${replay(token)}`]),
    ...(stored === undefined ? [] : [`  stored    ${stored}`]),
  ]
}
