namespace Grid.Engine.Inputs;

/// <summary>Draws the seeds of requests that bring none.</summary>
internal static class SeedSource
{
    /// <summary>A source that any thread may call.</summary>
    /// <param name="seed">Where given, the same series of seeds comes out at every start (<c>--seed</c>).</param>
    public static Func<long> Create(long? seed)
    {
        if (seed is not { } value) return () => Random.Shared.NextInt64();
        var gate = new Lock();
        var random = new Random(HashCodeOf(value));
        return () =>
        {
            lock (gate) return random.NextInt64();
        };
    }

    private static int HashCodeOf(long value) => (int)value ^ (int)(value >> 32);
}
