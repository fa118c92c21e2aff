namespace Grid.Abstractions.Replicas;

/// <summary>What is desired of a placed replica.</summary>
[GenerateSerializer, Alias("grid.ReplicaTarget")]
public enum ReplicaTarget
{
    /// <summary>Load and serve.</summary>
    Serve,

    /// <summary>Take no new request, finish those that run, hand over at the deadline; stay loaded.</summary>
    Drain,

    /// <summary>Hand over what is left, unload.</summary>
    Stop,
}
