using System.Numerics;

namespace Grid.Engine.Requests;

/// <summary>
/// The ids that may be drawn, a bit each: id i is bit <c>i % 32</c> of word <c>i / 32</c>, as in vLLM's grammar bitmasks.
/// </summary>
internal sealed class TokenMask
{
    private const int WordBits = 32;

    private readonly uint[] _words;

    /// <summary>Allows the given ids alone.</summary>
    /// <param name="allowedIds">Negative ids are ignored: no row has them.</param>
    public TokenMask(IReadOnlyCollection<int> allowedIds)
    {
        _words = new uint[(allowedIds.DefaultIfEmpty(-1).Max() / WordBits) + 1];
        foreach (var id in allowedIds)
            if (id >= 0) _words[id / WordBits] |= 1u << (id % WordBits);
    }

    /// <summary>The bits; ids beyond the last word may not be drawn.</summary>
    public ReadOnlySpan<uint> Words => _words;

    /// <summary>Whether an id may be drawn.</summary>
    public bool Allows(int id) => (uint)id < (uint)(_words.Length * WordBits) && (_words[id / WordBits] >> (id % WordBits) & 1) != 0;

    /// <summary>Copies the logits of the allowed ids and makes all others -infinity.</summary>
    /// <param name="logits">A row of logits.</param>
    /// <param name="result">As long as the row.</param>
    public void Apply(ReadOnlySpan<float> logits, Span<float> result)
    {
        result.Fill(float.NegativeInfinity);
        for (var word = 0; word < _words.Length; word++)
        {
            for (var bits = _words[word]; bits != 0; bits &= bits - 1)
            {
                var id = word * WordBits + BitOperations.TrailingZeroCount(bits);
                if (id >= logits.Length) return;
                result[id] = logits[id];
            }
        }
    }
}
