import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROTOCOL_FACTS, NOTHING } from '../../src/guarantees/index.js'
import { FIXTURES } from '../recordings/recordings-at-hand.js'
import { compare, type ComparedRecording, type Comparison } from './comparison.js'
import { classesOf } from './fidelity-table.js'
import { memberOf } from './outcome-class.js'
import { readRecordedRun, type RecordedRun } from './recorded-facts.js'
import { isSeen, readSeenAnswers } from './seen-answers.js'

/** Of different sinks, modes and failures; `npm run fidelity` compares all. */
const FIVE = ['alo-skew-2pc', 'cp-timeout', 'eo-aligned-2pc', 'eo-aligned-append', 'kafka-eo-commit-before']
const SEEDS = 24

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'fidelity.md'), 'utf8')
const runs = FIVE.map((name) => readRecordedRun(FIXTURES, name))
const comparison: Comparison = compare(runs, [], SEEDS)
const rules = new Set(PROTOCOL_FACTS.flatMap(({ name, nature }) => (nature === 'rule' ? [name] : [])))

function compared(name: string): ComparedRecording {
  const found = comparison.recordings.find((recording) => recording.name === name)
  if (found === undefined) throw new Error(`${name} was not compared`)
  return found
}

/** Answers in a column of the page, for a configuration and a fact. */
function answersOnPage(group: string, fact: string, column: 2 | 3): readonly string[] {
  const section = page.split(`### ${group}\n`)[1]?.split('\n### ')[0] ?? ''
  const row = section.split('\n').find((line) => line.startsWith(`| ${fact} |`)) ?? ''
  return (row.replaceAll('\\|', '¦').split('|')[column] ?? NOTHING).split('¦').map((answer) => answer.trim())
}

describe('simulated and recorded runs of the same scenario', () => {
  it.each(FIVE)('%s: every rule is answered alike, in every run', (name) => {
    const { recorded, simulated } = compared(name)
    const known = new Set(
      comparison.differences.flatMap(({ where, fact, because }) => (where === name && because !== undefined ? [fact] : [])),
    )
    for (const [fact, answer] of recorded) {
      if (!rules.has(fact) || answer === NOTHING || known.has(fact)) continue
      expect([fact, [...(simulated.answers.get(fact)?.keys() ?? [])]]).toEqual([fact, expect.arrayContaining([answer])])
    }
    expect(comparison.differences.filter(({ where, fact, because }) => where === name && rules.has(fact) && because === undefined)).toEqual(
      [],
    )
  })

  it.each(FIVE)('%s: its class of outcome is simulated, those that are said to be impossible are not', (name) => {
    const { inClass, never, outcome, simulated } = compared(name)
    expect(inClass).toBeGreaterThan(0)
    expect(never.length).toBeGreaterThan(0)
    for (const { fact, value } of never) {
      expect(memberOf(outcome, fact)).not.toBe(value)
      expect(simulated.classes.filter((shown) => memberOf(shown.outcome, fact) === value)).toEqual([])
    }
  })

  it.each(FIVE)('%s: is as docs/fidelity.md says', (name) => {
    const recording = compared(name)
    expect(page).toContain(classesOf(recording))
    for (const [fact, answer] of recording.recorded) {
      if (answer === NOTHING) continue
      expect([fact, answersOnPage(recording.group, fact, 2)]).toEqual([fact, expect.arrayContaining([answer])])
      // A rare answer that depends on the moment may come and go with any change of the engine.
      const often = rules.has(fact) ? 1 : SEEDS / 6
      const simulated = [...(recording.simulated.answers.get(fact) ?? [])].flatMap(([other, times]) =>
        other === NOTHING || times < often ? [] : [other],
      )
      expect([fact, answersOnPage(recording.group, fact, 3)]).toEqual([fact, expect.arrayContaining(simulated)])
    }
  })

  it('the page asks every question and knows no difference without an explanation', () => {
    for (const { name, nature, asks } of PROTOCOL_FACTS) expect(page).toContain(`| ${name} | ${nature} | ${asks} |`)
    expect(page).toContain('There are no others.')
  })
})

describe('the comparison', () => {
  const [first] = runs
  const changed = (fact: string, answer: string): RecordedRun => {
    if (first?.facts === undefined) throw new Error('no facts')
    return { ...first, facts: new Map([...first.facts, [fact, answer]]) }
  }

  it('finds a rule that the simulator answers otherwise', () => {
    const { differences } = compare([changed('committer restored first', 'never')], [], 1)
    expect(differences).toContainEqual({
      where: 'alo-skew-2pc',
      fact: 'committer restored first',
      what: 'recorded “never”, simulated “always”',
      because: undefined,
    })
  })

  it('finds a class that is never simulated, and one that was said to be impossible', () => {
    const { differences } = compare([changed('loss', 'yes')], [], 1)
    const found = differences.filter(({ because }) => because === undefined).map(({ fact }) => fact)
    expect(found).toContain('class of outcome')
    expect(found.filter((fact) => fact === 'loss')).toHaveLength(2)
  })

  it('finds what is constant in recordings and varies here', () => {
    const other: RecordedRun = { ...changed('job statuses', 'RUNNING, FINISHED'), name: 'another' }
    const { differences } = compare([changed('job statuses', 'RUNNING, FINISHED'), other], [], 1)
    expect(differences.map(({ what }) => what)).toContainEqual(expect.stringMatching(/^recorded always “RUNNING, FINISHED” with 2pc/))
  })

  it('takes an answer that depends on the moment where another recording gives it, and no other', () => {
    const answers = readSeenAnswers(join(import.meta.dirname, 'recorded-answers.json'))
    expect(isSeen([answers], 'ids', 'from 1, with gaps')).toBe(true)
    expect(isSeen([answers], 'transactions', 'aborted + committed + pre-committed')).toBe(true)
    expect(isSeen([answers], 'transactions', 'committed + open')).toBe(false)
    for (const run of runs) {
      for (const [fact, answer] of run.facts ?? [])
        if (answer !== NOTHING) expect([fact, isSeen([answers], fact, answer)]).toEqual([fact, true])
    }
  })

  it('says why a recording is not simulated', () => {
    const { notSimulated, recordings } = compare([readRecordedRun(FIXTURES, 'eo-unaligned-2pc')], [], 1)
    expect(recordings).toEqual([])
    expect(notSimulated).toEqual([{ name: 'eo-unaligned-2pc', because: 'the engine has no unaligned checkpoints' }])
  })
})
