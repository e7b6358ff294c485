import { afterEach, expect, it, vi } from 'vitest'
import { STOOD_STILL, Watchdog } from './stopwatch.js'

/** Milliseconds that each piece of work may take. */
const LIMIT_MS = 50

/** What the process says that it has used of its processors since it was asked before, as shares of the limit. */
function usesOfItsTime(user: number, system: number): void {
  const micros = (share: number): number => share * 1000 * LIMIT_MS
  vi.spyOn(process, 'cpuUsage').mockImplementation((before) =>
    before === undefined ? { user: 7e6, system: 3e6 } : { user: micros(user), system: micros(system) },
  )
}

const endlessly = (): void => {
  for (;;);
}

/** Throws whatever it is told to, an error or not. */
function* throwing(): Generator<undefined, void> {
  yield
}

afterEach(() => {
  vi.restoreAllMocks()
})

it.each<[number, number, string]>([
  [1, 0, 'endless'],
  [0.15, 0.1, 'endless'],
  [0, 0.21, 'endless'],
  [0.1, 0.09, STOOD_STILL],
  [0, 0, STOOD_STILL],
])('work that does not end, of a process that was on a processor for %d of the time and %d in the system: %s', (user, system, expected) => {
  usesOfItsTime(user, system)
  expect(new Watchdog().watch(LIMIT_MS, endlessly)).toBe(expected)
})

it('work that ends has ended, however little the process has used', () => {
  usesOfItsTime(0, 0)
  let done = 0
  expect(new Watchdog().watch(LIMIT_MS, () => done++)).toBe('ended')
  expect(done).toBe(1)
})

it('what work throws comes through', () => {
  const watchdog = new Watchdog()
  for (const thrown of [new RangeError('none left'), Object.assign(new Error('other'), { code: 'OTHER' }), 'no error', null, undefined]) {
    const caught: unknown[] = []
    try {
      watchdog.watch(LIMIT_MS, () => throwing().throw(thrown))
    } catch (error) {
      caught.push(error)
    }
    expect(caught).toEqual([thrown])
  }
})
