namespace Grid.Abstractions.Nodes;

/// <summary>What a process knows of the store that keeps the cluster's state.</summary>
public interface IStoreState
{
    /// <summary>Either embedded or redis.</summary>
    string Kind { get; }

    /// <summary>Whether it answered the last time; it is asked each second.</summary>
    bool Healthy { get; }

    /// <summary>
    /// A random id kept in the store. Another one than before: the store was lost, or is older than what this process has seen of it,
    /// and nothing read from it may be acted on before it was held against what the silos report. Null until the store first answered.
    /// </summary>
    string? Incarnation { get; }
}
