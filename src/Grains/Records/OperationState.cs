namespace Grid.Grains.Records;

/// <summary>Life of an operation.</summary>
[GenerateSerializer, Alias("grid.OperationState")]
internal enum OperationState
{
    /// <summary>Goes on.</summary>
    Running,

    /// <summary>Waits past its deadline for room.</summary>
    Blocked,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Given up by an admin, or overtaken by a newer one.</summary>
    Cancelled,

    /// <summary>Cannot be done.</summary>
    Failed,
}
