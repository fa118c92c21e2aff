namespace Grid.Engine.Sampling;

/// <summary>
/// Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011): random words as a function of key and counter.
/// </summary>
internal static class Philox
{
    private const int Rounds = 10;
    private const uint M0 = 0xD2511F53;
    private const uint M1 = 0xCD9E8D57;
    private const uint W0 = 0x9E3779B9;
    private const uint W1 = 0xBB67AE85;

    /// <summary>The four words of one counter.</summary>
    public static (uint W0, uint W1, uint W2, uint W3) Words(ulong key, uint c0, uint c1, uint c2 = 0, uint c3 = 0)
    {
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var p0 = (ulong)M0 * c0;
            var p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += W0;
            k1 += W1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>The number in [0, 1), of 53 bits, that draws output token <paramref name="index"/> of a choice.</summary>
    public static double Uniform(long seed, int index, int choice)
    {
        var (w0, w1, _, _) = Words((ulong)seed, (uint)index, (uint)choice);
        return (((ulong)w0 << 32 | w1) >> 11) * (1.0 / (1L << 53));
    }
}
