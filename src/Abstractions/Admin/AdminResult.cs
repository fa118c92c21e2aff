namespace Grid.Abstractions.Admin;

/// <summary>
/// An answer of the admin API: a value, or the reason why there is none. Refusals are values and not exceptions, since they cross the wire.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">The value; null if the request was refused.</param>
/// <param name="Fault">Why the request was refused; null if it was carried out.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.AdminResult`1"), Immutable]
public sealed record AdminResult<T>(
    [property: Id(0)] T? Value,
    [property: Id(1)] AdminFault? Fault)
    where T : class
{
    /// <summary>The request was carried out.</summary>
    public static implicit operator AdminResult<T>(T value) => new(value, null);

    /// <summary>The request was refused.</summary>
    public static implicit operator AdminResult<T>(AdminFault fault) => new(null, fault);
}
