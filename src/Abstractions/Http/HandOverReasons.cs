namespace Grid.Abstractions.Http;

/// <summary>Values of <see cref="ProgressKeys.HandOver"/>.</summary>
public static class HandOverReasons
{
    /// <summary>The rank is being drained.</summary>
    public const string Drain = "drain";

    /// <summary>The engine failed, or the rank lost a shard.</summary>
    public const string Lost = "lost";
}
