using Grid.Abstractions.Configuration;

namespace Grid.Grains.Records;

/// <summary>
/// Everything that the grid keeps in the store: what no silo can report about itself. It is written as a whole under one ETag.
/// </summary>
[GenerateSerializer, Alias("grid.GridState")]
internal sealed class GridState
{
    /// <summary>A random id that is created with the state; if it changes, the store was lost.</summary>
    [Id(0)]
    public string Incarnation { get; set; } = "";

    /// <summary>The highest epoch that was ever given out.</summary>
    [Id(1)]
    public long Epoch { get; set; }

    /// <summary>Number of the last operation.</summary>
    [Id(2)]
    public long LastOperation { get; set; }

    /// <summary>Events with ids below this number may have been seen.</summary>
    [Id(3)]
    public long LastEvent { get; set; }

    /// <summary>Accepted configurations, oldest first; the last is in force.</summary>
    [Id(4)]
    public List<ConfigRecord> Configs { get; set; } = [];

    /// <summary>Models that were deployed beside the file.</summary>
    [Id(5)]
    public Dictionary<string, ModelSpec> Deployed { get; set; } = [];

    /// <summary>Models of the file that are deleted until it changes them.</summary>
    [Id(6)]
    public HashSet<string> Deleted { get; set; } = [];

    /// <summary>The event of <c>grid scale</c>.</summary>
    [Id(7)]
    public Dictionary<string, int> Overrides { get; set; } = [];

    /// <summary>Cordoned nodes.</summary>
    [Id(8)]
    public Dictionary<string, CordonRecord> Cordons { get; set; } = [];

    /// <summary>Plans by epoch, those that are being taken down included: together they are the ledger.</summary>
    [Id(9)]
    public Dictionary<long, PlanRecord> Plans { get; set; } = [];

    /// <summary>Unfinished operations, and the latest that ended; oldest first.</summary>
    [Id(10)]
    public List<OperationRecord> Operations { get; set; } = [];

    /// <summary>The configuration in force; null if there is none yet.</summary>
    public ConfigRecord? Config => Configs.Count == 0 ? null : Configs[^1];

    /// <summary>A copy that does not change with this one; what is in the collections is immutable.</summary>
    public GridState Snapshot() => new()
    {
        Incarnation = Incarnation,
        Epoch = Epoch,
        LastOperation = LastOperation,
        LastEvent = LastEvent,
        Configs = [.. Configs],
        Deployed = new(Deployed),
        Deleted = [.. Deleted],
        Overrides = new(Overrides),
        Cordons = new(Cordons),
        Plans = new(Plans),
        Operations = [.. Operations],
    };
}
