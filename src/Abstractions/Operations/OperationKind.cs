namespace Grid.Abstractions.Operations;

/// <summary>What an operation does.</summary>
[GenerateSerializer, Alias("grid.OperationKind")]
public enum OperationKind
{
    /// <summary>Drains a node.</summary>
    Drain,

    /// <summary>Brings a model to a new revision.</summary>
    Rollout,

    /// <summary>Brings a model to a new number of replicas.</summary>
    Scale,

    /// <summary>Removes a model.</summary>
    Delete,
}
