import { describe, expect, it } from 'vitest'
import { FIXTURES, recordingsIn } from './recordings/recordings-at-hand.js'
import { CHECKPOINT_TAMPERING } from './tampering/checkpoint-tampering.js'
import { OUTPUT_TAMPERING } from './tampering/output-tampering.js'
import { type Recorded, judgeLines, readRecorded } from './tampering/recorded.js'
import { RECORD_TAMPERING } from './tampering/record-tampering.js'
import { RESTORE_TAMPERING } from './tampering/restore-tampering.js'
import type { Tampering } from './tampering/tampering.js'
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

/** `named`: by a rule that is meant for it; `-`: nothing to change there; otherwise what was found instead. */
function outcome(kind: Tampering, recorded: Recorded): string {
  const tampered = kind.apply(recorded)
  if (tampered === undefined) return '-'
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
    const table = KINDS.map((kind) => ({ kind: kind.name, outcome: outcome(kind, recorded) }))
    for (const { kind, outcome: result } of table) if (result === 'named') seen.set(kind, (seen.get(kind) ?? 0) + 1)
    const picture = table.map(({ kind, outcome: result }) => `${kind.padEnd(52)} ${result}`).join('\n')
    const wrong = table.filter(({ outcome: result }) => result !== '-' && result !== 'named')
    expect(wrong, picture).toEqual([])
    expect(table.filter(({ outcome: result }) => result === 'named').length).toBeGreaterThanOrEqual(9)
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
