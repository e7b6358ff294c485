/** `1 record`, `2 records`: how many there are of something, in a message. */
export function howMany(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** `1 record was`, `2 records were`. */
export function howManyWere(number: number, noun: string): string {
  return `${howMany(number, noun)} ${number === 1 ? 'was' : 'were'}`
}
