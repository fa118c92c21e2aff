namespace Grid.Cluster.Hosting;

/// <summary>
/// The way to the grains, from a silo or from a gateway. It comes and goes: a silo may restart its Orleans host while its streams run.
/// </summary>
public interface IGridConnection
{
    /// <summary>Null while there is none; calls on an older one fail.</summary>
    IClusterClient? Client { get; }

    /// <summary>The client has changed or ended.</summary>
    event Action? Changed;
}
