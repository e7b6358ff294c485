/** The signal by which a strike leaves a step; private to the world. */
class Struck extends Error {}
export const struck = new Struck()
