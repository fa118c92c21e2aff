namespace Grid.Engine.Parallelism.Experts;

/// <summary>Where to find each expert now. A shard that is lost is replaced by a new incarnation under the same number.</summary>
/// <param name="placement">To begin with.</param>
/// <param name="names">One a shard, for errors.</param>
internal sealed class ExpertDirectory(ExpertPlacement placement, IEnumerable<string> names)
{
    private readonly string[] _names = [.. names];
    private readonly IExpertShard?[] _shards = new IExpertShard?[names.Count()];
    private readonly object _gate = new();
    private volatile ExpertPlacement _placement = placement;
    private long _version;
    private int _turn;

    /// <summary>The placement in force.</summary>
    public ExpertPlacement Placement => _placement;

    /// <summary>Shards, alive or not.</summary>
    public int Count => _shards.Length;

    /// <summary>Whether nobody will answer any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Rises with every change.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>A living shard that holds the expert; copies take turns. Null while there is none.</summary>
    /// <param name="layer">Layer of the model.</param>
    /// <param name="expert">Of the layer.</param>
    /// <param name="silent">Shards to ask only where there is no other.</param>
    public IExpertShard? Find(int layer, int expert, IReadOnlyCollection<IExpertShard>? silent = null)
    {
        var holders = _placement.Holders[layer][expert];
        var first = holders.Length == 1 ? 0 : TakeTurn(holders.Length);
        IExpertShard? last = null;
        for (var i = 0; i < holders.Length; i++)
        {
            if (At(holders[(first + i) % holders.Length]) is not { } shard) continue;
            if (silent?.Contains(shard) != true) return shard;
            last = shard;
        }

        return last;
    }

    /// <summary>The shard of a number, if it lives.</summary>
    public IExpertShard? At(int number) => Volatile.Read(ref _shards[number]) is { IsAlive: true } shard ? shard : null;

    /// <summary>Puts a new incarnation in a shard's place, or nothing; those who wait for it look again.</summary>
    public void Replace(int number, IExpertShard? shard)
    {
        Volatile.Write(ref _shards[number], shard);
        Pulse();
    }

    /// <summary>Takes a shard out, unless its successor is there already.</summary>
    public void Remove(IExpertShard shard)
    {
        Interlocked.CompareExchange(ref _shards[shard.Number], null, shard);
        Pulse();
    }

    /// <summary>Puts a placement in force, if it is newer.</summary>
    public void Adopt(ExpertPlacement placement)
    {
        lock (_gate)
        {
            if (placement.Version <= _placement.Version) return;
            _placement = placement;
        }

        Pulse();
    }

    /// <summary>Tells those who wait that it is in vain.</summary>
    public void Close()
    {
        IsClosed = true;
        Pulse();
    }

    /// <summary>Changes what a shard is called.</summary>
    public void Rename(int number, string name) => Volatile.Write(ref _names[number], name);

    /// <summary>The shard that should hold an expert, for errors.</summary>
    public string NameOf(int layer, int expert) => NameOf(_placement.Holders[layer][expert][0]);

    /// <summary>The name of a shard.</summary>
    public string NameOf(int shard) => Volatile.Read(ref _names[shard]);

    /// <summary>Waits a while for a change.</summary>
    /// <param name="version">What was known.</param>
    /// <param name="timeout">How long at most.</param>
    public void WaitForChange(long version, TimeSpan timeout)
    {
        lock (_gate)
            if (_version == version && timeout > TimeSpan.Zero) Monitor.Wait(_gate, timeout);
    }

    // Multiples of the golden ratio: even also for an expert whose turn is every second one, because another that has copies is always asked with it.
    private int TakeTurn(int copies) => (int)(((ulong)((uint)Interlocked.Increment(ref _turn) * 2654435769u) * (uint)copies) >> 32);

    private void Pulse()
    {
        lock (_gate)
        {
            _version++;
            Monitor.PulseAll(_gate);
        }
    }
}
