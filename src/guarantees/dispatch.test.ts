import { describe, expect, it } from 'vitest'
import { dispatching, fold } from './dispatch.js'
import { at, events } from './hand-made-history.js'
import { type Steps, stepsOfPart, take } from './steps.js'

const history = events([
  { kind: 'fault', fault: 'crash', point: 'time', target: 'TaskManager-1' },
  { kind: 'restart', restarts: 1 },
  { kind: 'sink-write', ...at('Sink', 0, 1), id: '0:7' },
  { kind: 'restart', restarts: 2 },
])

const restarts: Steps<string[]> = {
  restart: (seen, { restarts }) => {
    seen.push(`restart ${String(restarts)}`)
  },
}
const faults: Steps<string[]> = {
  fault: (seen, { target }) => {
    seen.push(`fault of ${target}`)
  },
  restart: (seen, { restarts }) => {
    seen.push(`restart ${String(restarts)} after it`)
  },
}

describe('events go to those that want them', () => {
  it('in their order, and to nobody else', () => {
    const seen: string[] = []
    const dispatch = dispatching([fold(restarts, seen), fold(faults, seen), fold({}, seen)])
    for (const event of history) dispatch(event)
    expect(seen).toEqual(['fault of TaskManager-1', 'restart 1', 'restart 1 after it', 'restart 2', 'restart 2 after it'])
  })

  it('each with its own state', () => {
    const [one, other]: string[][] = [[], []]
    const dispatch = dispatching([fold(restarts, one), fold(restarts, other)])
    for (const event of history.slice(0, 2)) dispatch(event)
    expect([one, other]).toEqual([['restart 1'], ['restart 1']])
  })

  it('one at a time', () => {
    const seen: string[] = []
    for (const event of history) take(faults, seen, event)
    expect(seen).toEqual(['fault of TaskManager-1', 'restart 1 after it', 'restart 2 after it'])
  })

  it('by way of the whole, when the state is a part', () => {
    const whole = { seen: [], others: 0 }
    const steps = stepsOfPart(({ seen }: { seen: string[] }) => seen, faults)
    for (const event of history) take(steps, whole, event)
    expect(whole).toEqual({ seen: ['fault of TaskManager-1', 'restart 1 after it', 'restart 2 after it'], others: 0 })
  })
})
