namespace Grid.Abstractions.Admin;

/// <summary>An answer of the admin API: a value, or why there is none. Refusals are values, not exceptions: they cross the wire.</summary>
/// <typeparam name="T">Of the value.</typeparam>
/// <param name="Value">Null where refused.</param>
/// <param name="Fault">Null where it was done.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.AdminResult`1"), Immutable]
public sealed record AdminResult<T>(
    [property: Id(0)] T? Value,
    [property: Id(1)] AdminFault? Fault)
    where T : class
{
    /// <summary>It was done.</summary>
    public static implicit operator AdminResult<T>(T value) => new(value, null);

    /// <summary>It was refused.</summary>
    public static implicit operator AdminResult<T>(AdminFault fault) => new(null, fault);
}
