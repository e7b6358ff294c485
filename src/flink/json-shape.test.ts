import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { shapeError } from './json-shape.js'

const shape = z.looseObject({
  count: z.number().int().min(1).optional(),
  ids: z.array(z.union([z.number(), z.string()])).min(1),
  mode: z.enum(['on', 'off']).optional(),
})

function messageOf(json: unknown): string {
  const { error } = shape.safeParse(json)
  return error === undefined ? 'accepted' : shapeError(error, json, 'plan.json $', 'a plan').message
}

describe('shapeError', () => {
  it.each([
    [{}, 'plan.json $.ids: missing; allowed: a list; a plan'],
    [{ ids: 'x' }, 'plan.json $.ids: cannot be "x"; allowed: a list; a plan'],
    [{ ids: [] }, 'plan.json $.ids: cannot be an empty list; allowed: a list that is not empty; a plan'],
    [{ ids: [1, null] }, 'plan.json $.ids[1]: cannot be null; allowed: a number or text; a plan'],
    [{ ids: [{}] }, 'plan.json $.ids[0]: cannot be an object; allowed: a number or text; a plan'],
    [{ ids: [1], count: 1.5 }, 'plan.json $.count: cannot be 1.5; allowed: a whole number; a plan'],
    [{ ids: [1], count: 0 }, 'plan.json $.count: cannot be 0; allowed: 1 or more; a plan'],
    [{ ids: [1], mode: 'of' }, 'plan.json $.mode: cannot be "of"; allowed: on, off; a plan'],
    [[1], 'plan.json $: cannot be a list; allowed: an object; a plan'],
  ])('%j', (json, message) => {
    expect(messageOf(json)).toBe(message)
  })
})
