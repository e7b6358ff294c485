import type { Line, Recorded } from './recorded.js'
import { type Tampered, type Tampering, all, changed, lastJob, plus, replaced, without } from './tampering.js'

/** Changes of what is restored. */

/** Initialisations that restored something, the last of them first. */
function restored({ lines }: Recorded, op: string): Line[] {
  return all(lines, 'init', { op })
    .filter((line) => line['restoredCp'] !== undefined)
    .reverse()
}

function restoreOther(recorded: Recorded, op: string): Tampered | undefined {
  const init = restored(recorded, op)[0]
  if (init === undefined) return undefined
  const other = changed(init, { restoredCp: init['restoredCp'] - 1 })
  return { lines: replaced(recorded.lines, init, other), named: [other] }
}

/** An attempt opens without its state, while another subtask of its operator has it. */
function restoreNothing(recorded: Recorded, op: string): Tampered | undefined {
  const init = restored({ ...recorded, lines: lastJob(recorded.lines) }, op).find(({ sub, restoredCp }, _, all) =>
    all.some((other) => other['sub'] !== sub && other['restoredCp'] === restoredCp),
  )
  if (init === undefined) return undefined
  const bare = changed(init, { restored: false, restoredCp: undefined, ...(init['state'] === undefined ? {} : { state: {} }) })
  return { lines: replaced(recorded.lines, init, bare), named: [bare] }
}

/** The job master's choice is an older checkpoint than the newest. */
function chooseOther(recorded: Recorded): Tampered | undefined {
  const choice = recorded.lines.findLast((line) => line.ev === 'log' && /^Restoring job \S+ from (Check|Save)point \d/.test(line['msg']))
  if (choice === undefined) return undefined
  const msg = choice['msg'].replace(/(Check|Save)point (\d+)/, (_: string, kind: string, id: string) => `${kind}point ${Number(id) - 1}`)
  const other = changed(choice, { msg })
  return { lines: replaced(recorded.lines, choice, other), named: [other, ...restored(recorded, 'Count'), ...restored(recorded, 'Sink')] }
}

function changeRestoredCount(recorded: Recorded): Tampered | undefined {
  const init = restored(recorded, 'Count').find((line) => Object.keys(line['state']).length > 0)
  if (init === undefined) return undefined
  const key = Object.keys(init['state'])[0] ?? ''
  const other = changed(init, { state: { ...init['state'], [key]: plus(init['state'][key], 1) } })
  return { lines: replaced(recorded.lines, init, other), named: [other] }
}

function dropRestoredKey(recorded: Recorded): Tampered | undefined {
  const init = restored(recorded, 'Count').find((line) => Object.keys(line['state']).length > 0)
  if (init === undefined) return undefined
  const [, ...rest] = Object.entries(init['state'])
  const other = changed(init, { state: Object.fromEntries(rest) })
  return { lines: replaced(recorded.lines, init, other), named: [other] }
}

/** A reader begins elsewhere than its snapshot stood, in both lines that tell so. */
function moveRestoredOffset(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const start = lines.findLast((line) => line.ev === 'reader_start' && line['splits'] !== '[]')
  const add =
    start &&
    lines.findLast(
      (line) =>
        line.ev === 'reader_add' && line['splits'] === start['splits'] && line['inc'] === start['inc'] && line['sub'] === start['sub'],
    )
  if (start === undefined || add === undefined) return undefined
  const splits = start['splits'].replace(/@(\d+)/, (_: string, offset: string) => `@${Number(offset) + 1}`)
  const movedStart = changed(start, { splits })
  const movedAdd = changed(add, { splits })
  return { lines: replaced(replaced(lines, start, movedStart), add, movedAdd), named: [movedStart, movedAdd] }
}

/** A reader tells one thing when it gets its splits and another when it starts. */
function moveOneOffset(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const start = lines.findLast((line) => line.ev === 'reader_start' && line['splits'] !== '[]')
  if (start === undefined) return undefined
  const moved = changed(start, { splits: start['splits'].replace(/@(\d+)/, (_: string, offset: string) => `@${Number(offset) + 1}`) })
  return { lines: replaced(lines, start, moved), named: [moved] }
}

/** A split that the coordinator assigned is read from elsewhere. */
function moveAssignedOffset(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const started = new Set<string>()
  const add = lines.find((line) => {
    const reader = `${line['sub']}/${line['inc']}`
    if (line.ev === 'reader_start') started.add(reader)
    return line.ev === 'reader_add' && started.has(reader) && line['splits'] !== '[]'
  })
  if (add === undefined) return undefined
  const moved = changed(add, { splits: add['splits'].replace(/@(\d+)/, '@7') })
  const split = /\[(\w+)@/.exec(add['splits'])?.[1]
  const first = lines.slice(lines.indexOf(add)).find((line) => line.ev === 'emit' && line['id'].startsWith(`${split}:`))
  return { lines: replaced(lines, add, moved), named: [moved, ...(first === undefined ? [] : [first])] }
}

function skipRestoredReader(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const start = lastJob(lines).findLast((line) => line.ev === 'reader_start' && line['splits'] !== '[]')
  if (start === undefined) return undefined
  const add = lines.filter((line) => line.ev === 'reader_add' && line['inc'] === start['inc'] && line['sub'] === start['sub'])
  const empty = changed(start, { splits: '[]' })
  return { lines: replaced(without(lines, ...add), start, empty), named: [empty] }
}

export const RESTORE_TAMPERING: readonly Tampering[] = [
  {
    name: 'restore keyed state from another checkpoint',
    rules: ['restore-as-chosen'],
    apply: (recorded) => restoreOther(recorded, 'Count'),
  },
  { name: 'restore the sink from another checkpoint', rules: ['restore-as-chosen'], apply: (recorded) => restoreOther(recorded, 'Sink') },
  { name: 'restore no keyed state', rules: ['restore-as-chosen'], apply: (recorded) => restoreNothing(recorded, 'Count') },
  { name: 'restore nothing in a sink', rules: ['restore-as-chosen'], apply: (recorded) => restoreNothing(recorded, 'Sink') },
  { name: 'choose another checkpoint', rules: ['restore-newest', 'restore-as-chosen'], apply: chooseOther },
  { name: 'change one restored count', rules: ['restored-as-stored'], apply: changeRestoredCount },
  { name: 'leave a restored key out', rules: ['restored-as-stored'], apply: dropRestoredKey },
  { name: 'move a restored offset', rules: ['restored-as-stored'], apply: moveRestoredOffset },
  { name: 'move an offset in one of two lines', rules: ['restored-as-stored'], apply: moveOneOffset },
  { name: 'restore a reader without its splits', rules: ['restored-as-stored'], apply: skipRestoredReader },
  { name: 'move the offset of an assigned split', rules: ['begins-where-assigned'], apply: moveAssignedOffset },
]
