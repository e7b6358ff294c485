import { parseDuration } from '../configuration/duration.js'

/** A window assigner as its operator's name tells it. Sizes are µs; absent where the name does not tell. */
export interface WindowName {
  readonly assigner: 'tumbling' | 'sliding' | 'session' | 'global'
  readonly time: 'event' | 'processing'
  readonly sizeUs?: number
  /** Sliding windows only. */
  readonly slideUs?: number
}

/**
 * Reads `Window(SlidingEventTimeWindows(2500, 500), …)` of the DataStream API and `window=[HOP(…, size=[10 min], slide=[5 min])]` of SQL.
 */
export function readWindowName(name: string): WindowName | undefined {
  return dataStreamWindow(name) ?? sqlWindow(name)
}

function dataStreamWindow(name: string): WindowName | undefined {
  const assigner = /\b(Tumbling|Sliding|Dynamic)?(?:Event|Processing)Time(?:Session)?Windows\(([^)]*)\)|\bGlobalWindows\b/.exec(name)
  if (assigner === null) return undefined
  const whole = assigner[0]
  const time = whole.includes('ProcessingTime') || /\bProcessingTimeTrigger\b/.test(name) ? 'processing' : 'event'
  if (whole === 'GlobalWindows') return { assigner: 'global', time: name.includes('ProcessingTime') ? 'processing' : 'event' }
  const [first, second] = (assigner[2] ?? '').split(',').map(lengthOf)
  const size = first === undefined ? {} : { sizeUs: first }
  if (whole.includes('Session')) return { assigner: 'session', time, ...size }
  if (assigner[1] === 'Sliding') return { assigner: 'sliding', time, ...size, ...(second === undefined ? {} : { slideUs: second }) }
  return { assigner: 'tumbling', time, ...size }
}

/** Milliseconds without a unit. No window has a length of 0: it is as good as not told. */
function lengthOf(text: string): number | undefined {
  const us = parseDuration(text)
  return us === 0 ? undefined : us
}

function sqlWindow(name: string): WindowName | undefined {
  const parts = /\b(TUMBLE|HOP|CUMULATE|SESSION)\(/.exec(name)
  if (parts === null) return undefined
  const time = /\bproctime\b/i.test(name) ? 'processing' : 'event'
  const duration = (field: string): number | undefined => lengthOf(new RegExp(`${field}=\\[([^\\]]*)\\]`).exec(name)?.[1] ?? '')
  // `max_size=[…]` of CUMULATE is found as well.
  const size = duration('size') ?? duration('gap')
  const slide = duration('slide') ?? duration('step')
  const sized = size === undefined ? {} : { sizeUs: size }
  if (parts[1] === 'SESSION') return { assigner: 'session', time, ...sized }
  if (parts[1] === 'TUMBLE') return { assigner: 'tumbling', time, ...sized }
  return { assigner: 'sliding', time, ...sized, ...(slide === undefined ? {} : { slideUs: slide }) }
}
