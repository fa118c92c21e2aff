namespace Grid.Engine.Parallelism.Experts;

/// <summary>Rows that each expert was sent, counted by who sent them, over a sliding window of steps.</summary>
internal sealed class ExpertLoad(int layers, int experts)
{
    private readonly long[] _rows = new long[layers * experts];

    /// <summary>Counts.</summary>
    public void Add(int layer, int expert, int rows) => Interlocked.Add(ref _rows[layer * experts + expert], rows);

    /// <summary>Rows of a layer's experts.</summary>
    public long[] OfLayer(int layer)
    {
        var result = new long[experts];
        for (var expert = 0; expert < experts; expert++) result[expert] = Volatile.Read(ref _rows[layer * experts + expert]);
        return result;
    }

    /// <summary>Begins another window.</summary>
    public void Clear()
    {
        for (var i = 0; i < _rows.Length; i++) Interlocked.Exchange(ref _rows[i], 0);
    }
}
