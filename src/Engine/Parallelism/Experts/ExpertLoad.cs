namespace Grid.Engine.Parallelism.Experts;

/// <summary>Counts the rows that each expert of each layer was sent, by all ranks together.</summary>
internal sealed class ExpertLoad(int layers, int experts)
{
    private readonly long[] _rows = new long[layers * experts];

    /// <summary>Counts the rows of a call, unless they were sent before.</summary>
    public void Add(ExpertCall call)
    {
        if (call.Attempt > 0) return;
        foreach (var run in call.Runs) Interlocked.Add(ref _rows[call.Layer * experts + run.Expert], run.Rows);
    }

    /// <summary>The rows so far, layer by layer.</summary>
    public long[] Read()
    {
        var result = new long[_rows.Length];
        for (var i = 0; i < result.Length; i++) result[i] = Volatile.Read(ref _rows[i]);
        return result;
    }
}
