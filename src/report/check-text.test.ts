import { describe, expect, it } from 'vitest'
import type { CheckedScopes, ComparedScope } from '../search/index.js'
import { scopeOf } from '../search/scopes/scope.js'
import { checkText, type CheckWords } from './check-text.js'
import { plain, type Paint } from './paint.js'

const holding: ComparedScope = {
  verdict: 'holds',
  because: [],
  scenario: 'two-phase',
  mode: 'aligned',
  scope: scopeOf({ records: 2 }),
  distinct: 12_345,
  generated: 67_890,
  depth: 42,
  terminals: 1_200,
  exhausted: true,
  seconds: 2.04,
  hitRate: 0.975,
  collisionProbability: 4.13e-12,
  visitedBytes: 0,
  longestQueue: 0,
  timersBranched: [],
  reductions: [],
  exact: false,
  peakMemoryBytes: 1_234_600_000,
  sometimes: [{ name: 'finished', seen: true, required: true }],
  switchedOff: ['high availability'],
  outputs: [],
}

const found = {
  reason: 'lost',
  path: [
    { action: 'A -> B: barrier', answers: ['the put is done', 'nothing is lost'] },
    { action: 'timer of A', answers: [] },
  ],
}
const violated: ComparedScope = { ...holding, verdict: 'violated', because: ['lost'], violation: { ...found, token: 'mc1.x' } }

const words: CheckWords = {
  scope: ({ records }) => `records=${String(records)}`,
  reduction: (name) => `what ${name} leaves out`,
  replay: (token) => `npx millrace replay ${token}`,
}

/** What is printed of a check whose last scope is this one. */
function textOf(last: ComparedScope, more: Partial<CheckedScopes & CheckWords> = {}, paint: Paint = plain): string[] {
  const checked = { verdict: last.verdict, checked: [last], left: [], interrupted: false, ...more }
  return checkText(checked, { ...words, ...more }, paint)
}

/** The lines that are printed of one scope and of another one, where they differ. */
function difference(one: ComparedScope, other: ComparedScope): { readonly gone: string[]; readonly new: string[] } {
  const [before, after] = [textOf(one), textOf(other)]
  return { gone: before.filter((line) => !after.includes(line)), new: after.filter((line) => !before.includes(line)) }
}

describe('the text of a check', () => {
  it('is nothing where nothing was checked', () => {
    expect(checkText({ verdict: 'incomplete', checked: [], left: [scopeOf()], interrupted: true }, words, plain)).toEqual([])
  })

  it('is the verdict, the numbers, what was shown, and what was seen, with a blank line between them', () => {
    expect(textOf(holding)).toEqual([
      'two-phase, aligned: HOLDS',
      '',
      'scope      states   steps  depth   ends  seconds  states/s     MB  verdict',
      'records=2  12,345  67,890     42  1,200      2.0     6,051  1,235  holds',
      '',
      'every order in which messages and timers can arrive, every point at which the faults of the scope can strike',
      'exhausted: yes; collision probability 4.1e-12; steps remembered: 97.5 %',
      'reductions: none',
      'switched off by the scope:',
      '  high availability',
      '',
      'sometimes  seen',
      'finished   yes   required',
      'timers that might have fired earlier or later: 0',
    ])
  })

  it.each([
    ['holds', 'two-phase, aligned: green HOLDS'],
    ['violated', 'two-phase, aligned: red VIOLATED'],
    ['incomplete', 'two-phase, aligned: yellow INCOMPLETE'],
  ] as const)('paints the verdict: %s', (verdict, heading) => {
    const colour = (name: string) => (text: string) => `${name} ${text}`
    const loud: Paint = { good: colour('green'), bad: colour('red'), unsure: colour('yellow'), dim: colour('dim'), bold: colour('bold') }
    expect(textOf({ ...holding, verdict }, {}, loud)[0]).toBe(heading)
  })

  it('begins with the verdict on all scopes, and why the last one does not hold', () => {
    const because = ['not all states were seen: 9 states', 'never seen: finished']
    expect(textOf({ ...holding, because }, { verdict: 'incomplete' }).slice(0, 4)).toEqual([
      'two-phase, aligned: INCOMPLETE',
      '  not all states were seen: 9 states',
      '  never seen: finished',
      '',
    ])
  })

  it('says of which scope a reason is where there are several, whichever is the last', () => {
    const open: ComparedScope = { ...holding, verdict: 'incomplete', because: ['not all states were seen: 9 states'] }
    const other = { ...holding, scope: scopeOf({ records: 3 }) }
    expect(textOf(other, { checked: [open, other], verdict: 'incomplete' }).slice(0, 3)).toEqual([
      'two-phase, aligned: INCOMPLETE',
      '  records=2: not all states were seen: 9 states',
      '',
    ])
  })

  it('has a row for each scope, with its own verdict, and tells of the last one what was shown', () => {
    const larger: ComparedScope = { ...holding, verdict: 'incomplete', scope: scopeOf({ records: 3 }), exhausted: false, exact: true }
    const text = textOf(larger, { checked: [holding, larger] })
    expect(text.slice(2, 5).map((row) => [row.slice(0, 9).trimEnd(), row.split(' ').at(-1)])).toEqual([
      ['scope', 'verdict'],
      ['records=2', 'holds'],
      ['records=3', 'incomplete'],
    ])
    expect(text.filter((line) => line.startsWith('exhausted'))).toEqual([
      'exhausted: no; whole states were compared; steps remembered: 97.5 %',
    ])
  })

  it('gives a rate for a check that took no time', () => {
    expect(textOf({ ...holding, distinct: 7, seconds: 0 })[3]).toMatch(/ 0\.0 +7,000 /)
  })

  it('names below the table the scopes that were not begun, and why', () => {
    const left = [scopeOf({ records: 3 }), scopeOf({ records: 4 })]
    const open: ComparedScope = { ...holding, exhausted: false }
    expect(textOf(open, { left }).slice(4, 7)).toEqual([
      'records=3: not begun, it includes one that was too large',
      'records=4: not begun, it includes one that was too large',
      '',
    ])
    expect(textOf(holding, { left, interrupted: true })[4]).toBe('records=3: not begun, the check was interrupted')
    expect(textOf({ ...holding, verdict: 'violated' }, { left })[4]).toBe('records=3: not begun, another one is violated')
    const both = [open, { ...holding, verdict: 'violated' }] as const
    expect(textOf(holding, { left, checked: both }).find((line) => line.includes('records=3:'))).toBe(
      'records=3: not begun, another one is violated, or it includes one that was too large',
    )
  })
})

describe('what a check has shown', () => {
  it.each<[string, Partial<ComparedScope>, string]>([
    ['the counts are the same', { secondSeed: seconds(true) }, 'the same with other fingerprints: yes'],
    ['the counts differ', { secondSeed: seconds(false) }, 'the same with other fingerprints: no'],
    ['faults change no output', { transparent: true }, 'outputs with faults are those without: yes'],
    ['faults change an output', { transparent: false }, 'outputs with faults are those without: no'],
    ['no way goes on for ever', { endless: 0 }, 'every way comes to an end, whoever is late: yes'],
    ['some ways may go on for ever', { endless: 3 }, 'every way comes to an end, whoever is late: not shown'],
  ])('is said in one line more where it was asked for: %s', (_, shown, line) => {
    expect(difference(holding, { ...holding, ...shown })).toEqual({ gone: [], new: [line] })
  })

  it('names what the scope has switched off, or that it is nothing', () => {
    expect(difference(holding, { ...holding, switchedOff: [] })).toEqual({
      gone: ['switched off by the scope:', '  high availability'],
      new: ['switched off by the scope: nothing'],
    })
  })

  it('rests on reductions, each of which is explained', () => {
    expect(difference(holding, { ...holding, reductions: ['systems', 'credits'] })).toEqual({
      gone: ['reductions: none'],
      new: ['reductions:', '  systems: what systems leaves out', '  credits: what credits leaves out'],
    })
  })
})

describe('what must be seen sometimes', () => {
  it('is told with whether it was, and whether it is required', () => {
    const sometimes = [
      { name: 'finished', seen: false, required: true },
      { name: 'duplicates visible', seen: true, required: false },
    ] as const
    expect(textOf({ ...holding, sometimes }).slice(-4, -1)).toEqual([
      'sometimes           seen',
      'finished            no    required',
      'duplicates visible  yes',
    ])
  })

  it('goes with the timers that had a choice, by name', () => {
    const lastOf = (timersBranched: readonly string[]) => textOf({ ...holding, timersBranched }).at(-1)
    expect(lastOf(['restart'])).toBe('timers that might have fired earlier or later: 1 (restart)')
    expect(lastOf(['expiry', 'restart'])).toBe('timers that might have fired earlier or later: 2 (expiry, restart)')
  })
})

describe('the way to a violation', () => {
  it('is told at the end, step by step with what was answered, and with the command that goes it again', () => {
    expect(textOf(violated).slice(-5)).toEqual([
      '',
      'the way there, 2 steps, as a world takes it again:',
      '  0. A -> B: barrier; the put is done; nothing is lost',
      '  1. timer of A',
      '  replay    npx millrace replay mc1.x',
    ])
  })

  it('has no command where only the reductions make it possible', () => {
    expect(textOf({ ...violated, violation: found }).at(-1)).toBe('  no token: without reductions it is another way')
  })

  it('has none, either, where its next step does not end', () => {
    const text = textOf({ ...violated, violation: { ...found, endless: true } })
    expect(text).toContain('the way there, 2 steps, the next one of which does not end:')
    expect(text.at(-1)).toBe('  no token: whoever goes there comes to no end')
  })

  it('says last where it was stored', () => {
    expect(textOf(violated, { stored: 'failures/x.json' }).slice(-2)).toEqual([
      '  replay    npx millrace replay mc1.x',
      '  stored    failures/x.json',
    ])
  })
})

function seconds(equal: boolean): NonNullable<ComparedScope['secondSeed']> {
  return { distinct: 12_345, generated: 67_890, exhausted: true, equal }
}
