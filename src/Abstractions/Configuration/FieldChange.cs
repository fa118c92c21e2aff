namespace Grid.Abstractions.Configuration;

/// <summary>A value that differs between two configurations.</summary>
/// <param name="Path">Within the model or the grid: engine.dtype, gateway.queue.maxWait.</param>
/// <param name="Old">As text; null: it was not there.</param>
/// <param name="New">As text; null: it is gone.</param>
public sealed record FieldChange(string Path, string? Old, string? New)
{
    /// <summary><c>replicas: 1 -> 4</c>.</summary>
    public override string ToString() => $"{Path}: {Old ?? "(none)"} -> {New ?? "(none)"}";
}
