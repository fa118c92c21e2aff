namespace Grid.Engine.Simulation;

/// <summary>FNV-1a, 64 bits: the next token of a simulated model is a hash of all ids before it.</summary>
internal static class TokenHash
{
    /// <summary>Hash of no ids.</summary>
    public const ulong Empty = 14695981039346656037;

    /// <summary>Ids that have a logit at each position; 8.</summary>
    public const int NumCandidates = 8;

    private const ulong Prime = 1099511628211;
    private const int FirstId = 256;

    /// <summary>Appends an id as four bytes, little-endian.</summary>
    public static ulong Append(ulong hash, int tokenId)
    {
        var id = (uint)tokenId;
        for (var i = 0; i < sizeof(int); i++, id >>= 8) hash = Append(hash, (byte)id);
        return hash;
    }

    /// <summary>The id of one candidate; candidate 0 has the highest logit.</summary>
    /// <param name="hash">Hash of all ids before.</param>
    /// <param name="candidate">The candidate, from 0 to 7.</param>
    /// <param name="vocabSize">Above 256; lower ids are bytes of text and are never drawn.</param>
    public static int Candidate(ulong hash, int candidate, int vocabSize) =>
        FirstId + (int)(Append(hash, (byte)candidate) % (ulong)(vocabSize - FirstId));

    private static ulong Append(ulong hash, byte value) => (hash ^ value) * Prime;
}
