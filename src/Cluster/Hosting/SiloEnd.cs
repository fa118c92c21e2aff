namespace Grid.Cluster.Hosting;

/// <summary>Why a silo is no member any more.</summary>
public enum SiloEnd
{
    /// <summary>It was stopped on purpose.</summary>
    Stopped,

    /// <summary>The other members declared it dead: its streams must be resumed elsewhere.</summary>
    DeclaredDead,

    /// <summary>A part of it failed in a way that nothing foresaw: the process is to be started again.</summary>
    Failed,
}
