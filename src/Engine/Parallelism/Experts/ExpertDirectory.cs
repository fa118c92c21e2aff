using Grid.Primitives.Timing;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Where to find each expert now. A shard that is lost is replaced by a new incarnation under the same number.</summary>
/// <param name="placement">The placement to begin with.</param>
/// <param name="names">The shards' names in the order of their numbers, for errors.</param>
internal sealed class ExpertDirectory(ExpertPlacement placement, IEnumerable<string> names)
{
    private readonly string[] _names = [.. names];
    private readonly IExpertShard?[] _shards = new IExpertShard?[names.Count()];
    private readonly Signal _signal = new();
    private volatile ExpertPlacement _placement = placement;
    private long _version;
    private int _turn;

    /// <summary>The placement in force.</summary>
    public ExpertPlacement Placement => _placement;

    /// <summary>The number of shards, alive or not.</summary>
    public int Count => _shards.Length;

    /// <summary>Whether no shard will answer any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Rises with every change.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>A living shard that holds an expert; copies take turns. Null while there is none.</summary>
    /// <param name="layer">Index of the layer in the model.</param>
    /// <param name="expert">Index of the expert in the layer.</param>
    /// <param name="silent">Shards to choose only if there is no other.</param>
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

    /// <summary>The shard with a number; null if it is not alive.</summary>
    public IExpertShard? At(int number) => Volatile.Read(ref _shards[number]) is { IsAlive: true } shard ? shard : null;

    /// <summary>
    /// Takes in a shard that has just become reachable. Whichever of shard and directory has the newer placement passes it to the other: a
    /// new incarnation holds what its predecessor held at first.
    /// </summary>
    /// <param name="shard">Answers from now on.</param>
    /// <param name="known">The placement that the shard knows.</param>
    public void Join(IExpertShard shard, ExpertPlacement known)
    {
        Adopt(known);
        var version = Announce(shard, known.Version);
        Replace(shard.Number, shard);
        // A move that began in between has left it out.
        Announce(shard, version);
    }

    /// <summary>Sets the shard with a number, or removes it. Waiting threads look again.</summary>
    public void Replace(int number, IExpertShard? shard)
    {
        Volatile.Write(ref _shards[number], shard);
        NoteChange();
    }

    /// <summary>Removes a shard, unless its successor has replaced it.</summary>
    public void Remove(IExpertShard shard)
    {
        Interlocked.CompareExchange(ref _shards[shard.Number], null, shard);
        NoteChange();
    }

    /// <summary>Puts a placement in force if it is newer.</summary>
    public void Adopt(ExpertPlacement placement)
    {
        lock (_signal)
        {
            if (placement.Version <= _placement.Version) return;
            _placement = placement;
        }

        NoteChange();
    }

    /// <summary>Ends the use of the directory: no shard will answer any more.</summary>
    public void Close()
    {
        IsClosed = true;
        NoteChange();
    }

    /// <summary>Changes the name of a shard.</summary>
    public void Rename(int number, string name) => Volatile.Write(ref _names[number], name);

    /// <summary>The name of the shard that should hold an expert, for errors.</summary>
    public string NameOf(int layer, int expert) => NameOf(_placement.Holders[layer][expert][0]);

    /// <summary>The name of a shard.</summary>
    public string NameOf(int shard) => Volatile.Read(ref _names[shard]);

    /// <summary>Waits for a change.</summary>
    /// <param name="version">The version that the caller has seen.</param>
    /// <param name="deadline">When to stop waiting.</param>
    public void WaitForChange(long version, Deadline deadline)
    {
        lock (_signal)
            _signal.WaitUntil((Directory: this, Version: version), static seen => seen.Directory._version != seen.Version, deadline);
    }

    /// <returns>The version of the placement that the shard knows now.</returns>
    private long Announce(IExpertShard shard, long known)
    {
        var current = _placement;
        if (current.Version <= known) return known;
        Observe(shard.PlaceAsync(current));
        Observe(shard.TrimAsync());
        return current.Version;
    }

    // Where it fails, the shard's calls fail too, and say why.
    private static void Observe(Task task) => _ = task.ContinueWith(static done => done.Exception, TaskScheduler.Default);

    // Multiples of the golden ratio: copies get even shares also of an expert that is looked up every second time, because it is always
    // used together with another one that has copies.
    private int TakeTurn(int copies) =>
        (int)(((ulong)((uint)Interlocked.Increment(ref _turn) * 2654435769u) * (uint)copies) >> 32);

    private void NoteChange()
    {
        lock (_signal) _version++;
        _signal.Notify();
    }
}
