import type { Line, Recorded } from './recorded.js'
import { type Tampered, type Tampering, after, all, changed, middle, plus, replaced, without } from './tampering.js'

/** Changes of what the outside sees. */

/** Lines of the most careful reader. */
function outputs({ lines }: Recorded): Line[] {
  return lines.filter((line) => line.ev === 'out' || line.ev === 'out_committed')
}

/** Outputs of records that are visible once: with another one gone, nothing of the record is left. */
function seenOnce(recorded: Recorded): Line[] {
  const times = new Map<string, number>()
  const all = outputs(recorded)
  for (const { id } of all) times.set(id, (times.get(id) ?? 0) + 1)
  return all.filter(({ id }) => times.get(id) === 1)
}

/** The lines that wrote or made a record: what a loss is shown by. */
function originsOf({ lines }: Recorded, id: string): Line[] {
  return lines.filter((line) => line['id'] === id && (line.ev === 'sink_write' || line.ev === 'emit' || line.ev === 'process'))
}

function dropOutput(recorded: Recorded): Tampered | undefined {
  const out = middle(seenOnce(recorded))
  return out && { lines: without(recorded.lines, out), named: originsOf(recorded, out['id']) }
}

function duplicateOutput(recorded: Recorded): Tampered | undefined {
  const out = middle(seenOnce(recorded))
  if (out === undefined) return undefined
  const again = out['offset'] === undefined ? { ...out } : changed(out, { offset: 1_000_000 })
  return { lines: after(recorded.lines, out, again), named: [again] }
}

function inventOutput(recorded: Recorded): Tampered | undefined {
  const out = middle(outputs(recorded))
  if (out === undefined) return undefined
  const invented = changed(out, { id: '77:77', ...(out['offset'] === undefined ? {} : { offset: 1_000_000 }) })
  return { lines: after(recorded.lines, out, invented), named: [invented] }
}

function changeOutputCount(recorded: Recorded): Tampered | undefined {
  const out = middle(seenOnce(recorded).filter((line) => line['count'] !== undefined))
  if (out === undefined) return undefined
  const other = changed(out, { count: plus(out['count'], 1000) })
  return { lines: replaced(recorded.lines, out, other), named: [other] }
}

function changeOutputKey(recorded: Recorded): Tampered | undefined {
  const out = middle(seenOnce(recorded).filter((line) => line['key'] !== undefined))
  if (out === undefined) return undefined
  const other = changed(out, { key: plus(out['key'], 1000) })
  return { lines: replaced(recorded.lines, out, other), named: [other] }
}

/** A record turns up in a transaction that was committed, but that it was not written into. */
function showElsewhere(recorded: Recorded): Tampered | undefined {
  const told = new Set(recorded.lines.filter((line) => line.ev === 'sink_write').map((line) => line['txn']))
  const outs = seenOnce(recorded).filter((line) => line['txn'] !== undefined && told.has(line['txn']))
  const out = middle(outs)
  const elsewhere = outs.find((line) => line['txn'] !== out?.['txn'])
  if (out === undefined || elsewhere === undefined) return undefined
  const other = changed(out, { txn: elsewhere['txn'] })
  return { lines: replaced(recorded.lines, out, other), named: [other] }
}

/** Two records of one key and one transaction come out the other way round. */
function swapOutputs(recorded: Recorded): Tampered | undefined {
  const outs = seenOnce(recorded).filter((line) => line['txn'] !== undefined)
  const first = outs.find((line, index) => {
    const next = outs.slice(index + 1).find((each) => each['key'] === line['key'] && each['txn'] === line['txn'])
    return index > outs.length / 3 && next !== undefined
  })
  const second = first && outs.slice(outs.indexOf(first) + 1).find((each) => each['key'] === first['key'] && each['txn'] === first['txn'])
  if (first === undefined || second === undefined) return undefined
  const swapped = recorded.lines.map((line) => (line === first ? second : line === second ? first : line))
  return { lines: swapped, named: [first, second] }
}

/** A record turns up in a transaction that was aborted. */
function showAborted(recorded: Recorded): Tampered | undefined {
  const aborted = all(recorded.lines, 'abort')[0]
  const out = middle(seenOnce(recorded).filter((line) => line['txn'] !== undefined))
  if (aborted === undefined || out === undefined) return undefined
  const other = changed(out, { txn: aborted['txn'] })
  return { lines: replaced(recorded.lines, out, other), named: [other, ...originsOf(recorded, out['id'])] }
}

/** A record of an aborted transaction becomes visible. */
function showWrittenIntoAborted(recorded: Recorded): Tampered | undefined {
  const aborted = new Set(all(recorded.lines, 'abort').map((line) => line['txn']))
  const written = all(recorded.lines, 'sink_write').find((line) => aborted.has(line['txn']))
  const last = outputs(recorded).at(-1)
  if (written === undefined || last === undefined) return undefined
  const shown = changed(last, { id: written['id'], key: written['key'], count: written['count'], txn: written['txn'] })
  return { lines: after(recorded.lines, last, shown), named: [shown] }
}

export const OUTPUT_TAMPERING: readonly Tampering[] = [
  { name: 'drop an output', rules: ['output-at-least-once'], apply: dropOutput },
  { name: 'duplicate an output', rules: ['output-at-most-once'], apply: duplicateOutput },
  { name: 'invent an output', rules: ['output-exactly-once'], apply: inventOutput },
  { name: 'change the count of an output', rules: ['output-content'], apply: changeOutputCount },
  { name: 'change the key of an output', rules: ['output-content'], apply: changeOutputKey },
  { name: 'show an output in another transaction', rules: ['visible-in-its-transaction'], apply: showElsewhere },
  { name: 'reorder two outputs of a key', rules: ['output-order'], apply: swapOutputs },
  { name: 'show an output in an aborted transaction', rules: ['visible-only-committed'], apply: showAborted },
  {
    name: 'show what was written into an aborted transaction',
    rules: ['output-exactly-once', 'output-at-most-once'],
    apply: showWrittenIntoAborted,
  },
]
