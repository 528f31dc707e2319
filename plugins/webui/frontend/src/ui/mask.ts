/** Stands for a secret that is saved: the daemon never shows one. */
export const MASK = "********";
