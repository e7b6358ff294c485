/** Numbers and times as reports print them: the same on every machine, whatever its locale. */

/** 12345 becomes `12,345`. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** Virtual time, µs, as seconds. */
export function atTime(us: number): string {
  return `${(us / 1_000_000).toFixed(6)} s`
}

/** A part of one, in percent: three digits, or as many as tell it from the whole. 100 % is all of it. */
export function percent(part: number): string {
  const digits = part < 1 && part > 0.999 ? Math.ceil(-Math.log10(1 - part)) + 1 : 3
  return `${String(Number((part * 100).toPrecision(Math.min(digits, 15))))} %`
}

/** `1 run`, `2 runs`. */
export function counted(n: number, thing: string): string {
  return `${grouped(n)} ${thing}${n === 1 ? '' : 's'}`
}
