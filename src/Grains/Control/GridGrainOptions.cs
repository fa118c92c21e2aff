namespace Grid.Grains.Control;

/// <summary>What the grid grain cannot find out by itself.</summary>
internal sealed class GridGrainOptions
{
    /// <summary>Either embedded or redis, for the status.</summary>
    public string StoreKind { get; set; } = "redis";
}
