/**
 * Whoever writes events shares this advisory lock, and whoever lists them in order waits once for those that hold it: numbers are
 * given out before a transaction ends, and a reader must not go on behind one that is still to come. Ours alone: the ASCII codes
 * of `mtrf`.
 */
export const feedLock = 0x6d_74_72_66
