import type { OperatorShape } from '../../history/index.js'
import type { ReadersInTurn } from './readers-in-turn.js'
import type { RecordedLine } from './recorded-line.js'
import { sourcesOfSplits } from './source-of-line.js'

/**
 * The operators of a recording, with those sources marked whose records do not all have identities of their own, `split:offset`: two
 * sources have splits of the same names, or the readers of a hybrid source that follow one another do, and begin again in them.
 */
export function operatorsWithIdentities(
  operators: readonly OperatorShape[],
  lines: readonly RecordedLine[],
  turns: ReadersInTurn,
): readonly OperatorShape[] {
  const shared = new Set<string>()
  if (operators.filter(({ role }) => role === 'source').length > 1) addAlike(lines, shared)
  if (turns.any) addBegunAgain(lines, turns, shared)
  return operators.map((operator) => (shared.has(operator.name) ? { ...operator, sharedIdentities: true } : operator))
}

/** What a source emits of a split that only another one was given is no sign that both have it. */
function addAlike(lines: readonly RecordedLine[], shared: Set<string>): void {
  const given = sourcesOfSplits(lines)
  const emitted = new Map<string, string>()
  for (const line of lines) {
    if (line.ev !== 'emit') continue
    const source = line.text('op')
    const [split] = line.position('id')
    if ((given.get(split) ?? source) !== source) continue
    const id = line.text('id')
    const first = emitted.get(id) ?? source
    emitted.set(id, first)
    if (first !== source) shared.add(first).add(source)
  }
}

/** What an earlier reader has emitted, one behind it in turn gets or emits again. */
function addBegunAgain(lines: readonly RecordedLine[], turns: ReadersInTurn, shared: Set<string>): void {
  /** By source and split: how far the readers of each turn have come, of those that another one follows. */
  const reached = new Map<string, Map<number, number>>()
  for (const line of lines) {
    if (!line.has('inc')) continue
    const source = line.text('op')
    const turn = turns.turnOf(line)
    for (const [split, offset] of positionsIn(line)) {
      const name = `${source}/${split}`
      const before = reached.get(name) ?? new Map<number, number>()
      reached.set(name, before)
      if ([...before].some(([earlier, last]) => earlier < turn && last >= offset)) shared.add(source)
      if (line.ev === 'emit' && turns.isFollowed(line)) before.set(turn, Math.max(before.get(turn) ?? 0, offset))
    }
  }
}

function positionsIn(line: RecordedLine): readonly (readonly [split: string, offset: number])[] {
  if (line.ev === 'emit') return [line.position('id')]
  return line.ev === 'reader_add' || line.ev === 'reader_start' ? line.splits('splits') : []
}
