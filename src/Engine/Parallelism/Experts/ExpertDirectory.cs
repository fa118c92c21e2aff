namespace Grid.Engine.Parallelism.Experts;

/// <summary>Where to find each expert now. A shard that is lost is replaced by a new incarnation under the same number.</summary>
/// <param name="placement">To begin with.</param>
/// <param name="shards">By number.</param>
internal sealed class ExpertDirectory(ExpertPlacement placement, IExpertShard[] shards)
{
    private readonly IExpertShard?[] _shards = [.. shards];
    private readonly object _gate = new();
    private volatile ExpertPlacement _placement = placement;
    private int _turn;

    /// <summary>The placement in force.</summary>
    public ExpertPlacement Placement
    {
        get => _placement;
        set => _placement = value;
    }

    /// <summary>Shards, alive or not.</summary>
    public int Count => _shards.Length;

    /// <summary>A living shard that holds the expert; copies take turns. Null while there is none.</summary>
    public IExpertShard? Find(int layer, int expert)
    {
        var holders = _placement.Holders[layer][expert];
        var first = holders.Length == 1 ? 0 : (int)((uint)Interlocked.Increment(ref _turn) % holders.Length);
        for (var i = 0; i < holders.Length; i++)
            if (Volatile.Read(ref _shards[holders[(first + i) % holders.Length]]) is { IsAlive: true } shard) return shard;
        return null;
    }

    /// <summary>The shard of a number, if it lives.</summary>
    public IExpertShard? At(int number) => Volatile.Read(ref _shards[number]) is { IsAlive: true } shard ? shard : null;

    /// <summary>Puts a new incarnation in a shard's place; those who wait for it look again.</summary>
    public void Replace(int number, IExpertShard shard)
    {
        lock (_gate)
        {
            Volatile.Write(ref _shards[number], shard);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The number of the shard that should hold an expert, for errors.</summary>
    public string NameOf(int layer, int expert) => $"ep{_placement.Holders[layer][expert][0]}";

    /// <summary>Waits a while for a shard to be replaced.</summary>
    public void WaitForChange(TimeSpan timeout)
    {
        lock (_gate) Monitor.Wait(_gate, timeout);
    }
}
