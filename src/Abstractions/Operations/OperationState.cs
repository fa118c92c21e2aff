namespace Grid.Abstractions.Operations;

/// <summary>The states of an operation's life.</summary>
[GenerateSerializer, Alias("grid.OperationState")]
public enum OperationState
{
    /// <summary>It is running.</summary>
    Running,

    /// <summary>It waits past its deadline for room.</summary>
    Blocked,

    /// <summary>It is done.</summary>
    Succeeded,

    /// <summary>It was cancelled by an admin or replaced by a newer operation.</summary>
    Cancelled,

    /// <summary>It cannot be done.</summary>
    Failed,
}
