import type { Recorded } from './recorded.js'
import { type Tampered, type Tampering, after, all, at, changed, lastJob, middle, plus, replaced, without } from './tampering.js'

/** Changes of records on their way, and of what operators do with them. */

/** Lines of a type that no later restore takes back: those of the last attempts. */
function lasting(recorded: Recorded, ev: string) {
  const lines = lastJob(recorded.lines)
  const restored = lines.findLastIndex((line) => line.ev === 'init' && line['op'] !== 'Committer')
  return all(lines.slice(restored + 1), ev)
}

function dropEmit(recorded: Recorded): Tampered | undefined {
  const emit = middle(lasting(recorded, 'emit'))
  if (emit === undefined) return undefined
  const { lines } = recorded
  const next = lines
    .slice(lines.indexOf(emit))
    .find((line) => line.ev === 'emit' && line !== emit && line['sub'] === emit['sub'] && sameSplit(line, emit))
  const taken = lines.filter((line) => line['id'] === emit['id'])
  return { lines: without(lines, emit), named: [...(next === undefined ? [] : [next]), ...taken] }
}

function sameSplit(one: { readonly [name: string]: string }, other: { readonly [name: string]: string }): boolean {
  return one['id']?.split(':')[0] === other['id']?.split(':')[0]
}

function emitAgain(recorded: Recorded): Tampered | undefined {
  const emit = middle(lasting(recorded, 'emit'))
  if (emit === undefined) return undefined
  const again = { ...emit }
  return { lines: after(recorded.lines, emit, again), named: [again] }
}

function dropProcess(recorded: Recorded): Tampered | undefined {
  const process = middle(lasting(recorded, 'process').filter((line) => line['count'] !== undefined))
  if (process === undefined) return undefined
  const others = recorded.lines.filter((line) => line['id'] === process['id'] && line !== process)
  const next = nextOfKey(recorded, process)
  return { lines: without(recorded.lines, process), named: [...others, ...next] }
}

function nextOfKey({ lines }: Recorded, process: Recorded['lines'][number]) {
  const next = lines.slice(lines.indexOf(process) + 1).find((line) => line.ev === 'process' && line['key'] === process['key'])
  return next === undefined ? [] : [next]
}

function processAgain(recorded: Recorded): Tampered | undefined {
  const process = middle(lasting(recorded, 'process').filter((line) => line['count'] !== undefined))
  if (process === undefined) return undefined
  const again = changed(process, { count: plus(process['count'], 1) })
  return { lines: after(recorded.lines, process, again), named: [again] }
}

function changeCount(recorded: Recorded): Tampered | undefined {
  const process = middle(lasting(recorded, 'process').filter((line) => line['count'] !== undefined))
  if (process === undefined) return undefined
  const other = changed(process, { count: plus(process['count'], 1) })
  return { lines: replaced(recorded.lines, process, other), named: [other] }
}

/** A record that no source has comes to an operator. */
function inventProcess(recorded: Recorded): Tampered | undefined {
  const process = middle(lasting(recorded, 'process').filter((line) => line['count'] !== undefined))
  if (process === undefined) return undefined
  const invented = changed(process, { id: '77:77', count: plus(process['count'], 1) })
  return { lines: after(recorded.lines, process, invented), named: [invented] }
}

function dropWrite(recorded: Recorded): Tampered | undefined {
  const write = middle(lasting(recorded, 'sink_write'))
  if (write === undefined) return undefined
  const outs = recorded.lines.filter((line) => line['id'] === write['id'] && line !== write)
  return { lines: without(recorded.lines, write), named: outs }
}

function writeAgain(recorded: Recorded): Tampered | undefined {
  const write = middle(lasting(recorded, 'sink_write'))
  if (write === undefined) return undefined
  const again = { ...write }
  return { lines: after(recorded.lines, write, again), named: [again] }
}

/** An attempt whose successor runs hands on one more record. */
function fencedActs(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const newest = lines.findLast((line) => line.ev === 'init' && line['op'] !== 'Committer' && line['att'] > 0)
  if (newest === undefined) return undefined
  const ev = newest['op'] === 'Sink' ? 'sink_write' : 'process'
  const old = lines
    .slice(0, lines.indexOf(newest))
    .findLast((line) => line.ev === ev && line['sub'] === newest['sub'] && line['att'] < newest['att'])
  const anchor = middle(lines.slice(lines.indexOf(newest)).filter((line) => line.ev === ev && line['sub'] === newest['sub']))
  if (old === undefined || anchor === undefined) return undefined
  const late = at(old, anchor)
  return { lines: after(lines, anchor, late), named: [late] }
}

/** A task goes on after it has closed. */
function actsAfterClose(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const closed = all(lastJob(lines), 'close').find((line) => line['op'] === 'Count' || (line['op'] === 'Sink' && line['crash'] !== true))
  if (closed === undefined) return undefined
  const ev = closed['op'] === 'Sink' ? 'sink_write' : 'process'
  const last = lastJob(lines).findLast((line) => line.ev === ev && line['sub'] === closed['sub'] && line['att'] === closed['att'])
  if (last === undefined) return undefined
  const late = at(last, closed)
  return { lines: after(without(lines, last), closed, late), named: [late] }
}

/** A buffering sink passes over a flush: what it holds is then in no snapshot. */
function dropFlush(recorded: Recorded): Tampered | undefined {
  const flush = middle(all(recorded.lines, 'sink_flush', { why: 'checkpoint' }))
  if (flush === undefined) return undefined
  const next = recorded.lines
    .slice(recorded.lines.indexOf(flush) + 1)
    .find((line) => line.ev === 'sink_flush' && line['sub'] === flush['sub'] && line['att'] === flush['att'])
  return next && { lines: without(recorded.lines, flush), named: [next] }
}

/** An operator has not come to the end when it says so. */
function endEarly({ lines }: Recorded, end: string, ev: string): Tampered | undefined {
  const job = lastJob(lines)
  const ended = middle(all(job, end).filter((line) => recordsOf(job, line, ev).length > 0))
  const last = ended && recordsOf(job, ended, ev).at(-1)
  if (ended === undefined || last === undefined) return undefined
  const early = at(ended, last)
  return { lines: replaced(without(lines, ended), last, early, last), named: [early, last] }
}

/** Records of the attempt that a line is of, before it. */
function recordsOf(job: Recorded['lines'], line: Recorded['lines'][number], ev: string) {
  const { op, sub, att, inc } = line as Record<string, unknown>
  const until = job.indexOf(line)
  const mine = all(job, ev).filter((each) => each['op'] === op && each['sub'] === sub && each['att'] === att && each['inc'] === inc)
  return mine.filter((each) => job.indexOf(each) < until)
}

/** A reader is given once more a split that it reads. */
function addAgain({ lines }: Recorded): Tampered | undefined {
  const hasStarted = (add: Recorded['lines'][number]): boolean =>
    all(lines, 'reader_start').some(
      (start) => start['sub'] === add['sub'] && start['inc'] === add['inc'] && lines.indexOf(start) < lines.indexOf(add),
    )
  const add = all(lines, 'reader_add').findLast((line) => line['splits'] !== '[]' && hasStarted(line))
  if (add === undefined) return undefined
  const again = { ...add }
  return { lines: after(lines, add, again), named: [again] }
}

export const RECORD_TAMPERING: readonly Tampering[] = [
  { name: 'emit after the end', rules: ['nothing-after-the-end'], apply: (recorded) => endEarly(recorded, 'reader_end', 'emit') },
  { name: 'process after the end', rules: ['nothing-after-the-end'], apply: (recorded) => endEarly(recorded, 'end_input', 'process') },
  { name: 'write after the end', rules: ['nothing-after-the-end'], apply: (recorded) => endEarly(recorded, 'sink_end', 'sink_write') },
  { name: 'give a reader a split again', rules: ['split-has-one-reader'], apply: addAgain },
  { name: 'drop a record at the source', rules: ['consistent-cut', 'offsets-without-gaps', 'absorbed-was-emitted'], apply: dropEmit },
  { name: 'emit a record twice', rules: ['offsets-increase', 'offset-not-ahead'], apply: emitAgain },
  { name: 'drop a process line', rules: ['running-count', 'state-at-least-once'], apply: dropProcess },
  { name: 'process a record twice', rules: ['state-exactly-once'], apply: processAgain },
  { name: 'invent a record on the way', rules: ['absorbed-was-emitted'], apply: inventProcess },
  { name: 'change a count after a record', rules: ['running-count'], apply: changeCount },
  { name: 'drop a write of the sink', rules: ['output-exactly-once'], apply: dropWrite },
  { name: 'write a record twice', rules: ['pre-commit-counts', 'flush-holds-what-was-written', 'arrives-once'], apply: writeAgain },
  { name: 'let a fenced attempt act', rules: ['fenced-attempt-acts'], apply: fencedActs },
  { name: 'act after close', rules: ['acts-after-close'], apply: actsAfterClose },
  { name: 'drop a flush before a snapshot', rules: ['flush-holds-what-was-written'], apply: dropFlush },
]
