/* philox: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC
 * 2011): four words that depend on nothing but counter and key. Included by the kernel
 * files that draw numbers. lib/memory/random.c has it in plain C.
 *
 * WORD is uint, or a vector of them, which makes as many blocks side by side: each of the
 * four words of a block is a WORD of its own.
 */
#ifndef WORD
#define WORD uint
#endif

/* Takes the counter, and leaves the block in its place. */
void philox(WORD words[4], uint2 key)
{
    WORD w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
    uint k0 = key.s0, k1 = key.s1;

    for (int round = 0; round < 10; round++) {
        const WORD high0 = mul_hi((WORD)0xD2511F53u, w0), low0 = w0 * 0xD2511F53u;
        const WORD high1 = mul_hi((WORD)0xCD9E8D57u, w2), low1 = w2 * 0xCD9E8D57u;

        w0 = high1 ^ w1 ^ k0, w1 = low1;
        w2 = high0 ^ w3 ^ k1, w3 = low0;
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    words[0] = w0, words[1] = w1, words[2] = w2, words[3] = w3;
}
