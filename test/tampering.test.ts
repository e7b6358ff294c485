import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FIXTURES, recordingsIn, SHARED } from './recordings/recordings-at-hand.js'
import { CHECKPOINT_TAMPERING } from './tampering/checkpoint-tampering.js'
import { OUTPUT_TAMPERING } from './tampering/output-tampering.js'
import { type Recorded, judgeLines, readRecorded } from './tampering/recorded.js'
import { RECORD_TAMPERING } from './tampering/record-tampering.js'
import { RESTORE_TAMPERING } from './tampering/restore-tampering.js'
import type { Tampered, Tampering } from './tampering/tampering.js'
import { TRANSACTION_TAMPERING } from './tampering/transaction-tampering.js'

/**
 * Recordings are changed in one place, in every way that a broken engine, a broken store or a liar could: the rule that is meant for
 * the change must name the line. The same recording without the change gives no finding (recordings.test.ts).
 */
const KINDS: readonly Tampering[] = [
  ...OUTPUT_TAMPERING,
  ...RECORD_TAMPERING,
  ...CHECKPOINT_TAMPERING,
  ...RESTORE_TAMPERING,
  ...TRANSACTION_TAMPERING,
]

/** The job that Flink refused has no lines to change. */
const names = recordingsIn(FIXTURES).filter((name) => name !== 'concurrent-unaligned')

/**
 * Of recordings that can be changed in more ways than these, each gets every second change, and those that none before it took; all where
 * all recordings are at hand.
 */
const MANY = existsSync(SHARED) ? KINDS.length : 40

const taken = new Set<Tampering>()

/** The ways in which a recording is changed. */
function changesOf(recorded: Recorded): { readonly kind: Tampering; readonly tampered: Tampered }[] {
  const changes = KINDS.flatMap((kind) => {
    const tampered = kind.apply(recorded)
    return tampered === undefined ? [] : [{ kind, tampered }]
  })
  if (changes.length <= MANY) return changes
  return changes.filter(({ kind }) => {
    const isFirst = !taken.has(kind)
    taken.add(kind)
    return isFirst || (KINDS.indexOf(kind) + names.indexOf(recorded.name)) % 2 === 0
  })
}

/** `named`: by a rule that is meant for it; otherwise what was found instead. */
function outcome(kind: Tampering, tampered: Tampered, recorded: Recorded): string {
  const { findings } = judgeLines(tampered.lines, recorded.context)
  const naming = findings.filter(({ lines }) => tampered.named.some((line) => lines.has(line))).map(({ finding }) => finding.rule)
  if (naming.some((rule) => kind.rules.includes(rule))) return 'named'
  const others = findings.map(({ finding }) => finding.rule)
  return `NOT NAMED (naming the line: ${naming.join(', ') || 'none'}; elsewhere: ${others.join(', ') || 'none'})`
}

const seen = new Map<string, number>()

describe('tampering', () => {
  it.each(names)('%s: each change is named by the rule that is meant for it', (name) => {
    const recorded = readRecorded(FIXTURES, name)
    const table = changesOf(recorded).map(({ kind, tampered }) => ({
      kind: kind.name,
      outcome: outcome(kind, tampered, recorded),
    }))
    for (const { kind, outcome: result } of table) if (result === 'named') seen.set(kind, (seen.get(kind) ?? 0) + 1)
    const picture = table.map(({ kind, outcome: result }) => `${kind.padEnd(52)} ${result}`).join('\n')
    const wrong = table.filter(({ outcome: result }) => result !== 'named')
    expect(wrong, picture).toEqual([])
    expect(table.length).toBeGreaterThanOrEqual(19)
  })

  it('every kind was applied to at least one recording, and most to many', () => {
    const never = KINDS.filter((kind) => !seen.has(kind.name)).map((kind) => kind.name)
    expect(never).toEqual([])
    expect([...seen.values()].filter((times) => times >= 5).length).toBeGreaterThanOrEqual(20)
  })

  it('has at least twenty kinds, each with a name of its own', () => {
    expect(new Set(KINDS.map((kind) => kind.name)).size).toBe(KINDS.length)
    expect(KINDS.length).toBeGreaterThanOrEqual(20)
  })
})
