namespace Grid.Abstractions.Configuration;

/// <summary>A value that differs between two configurations.</summary>
/// <param name="Path">The path within the model or the grid, such as engine.dtype or gateway.queue.maxWait.</param>
/// <param name="Old">The old value as text; null if there was none.</param>
/// <param name="New">The new value as text; null if there is none any more.</param>
public sealed record FieldChange(string Path, string? Old, string? New)
{
    /// <summary><c>replicas: 1 -> 4</c>.</summary>
    public override string ToString() => $"{Path}: {Old ?? "(none)"} -> {New ?? "(none)"}";
}
