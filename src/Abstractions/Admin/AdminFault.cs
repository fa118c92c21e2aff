namespace Grid.Abstractions.Admin;

/// <summary>Why an admin request was refused; HTTP status and code as docs/reference/interfaces.md section 5.</summary>
/// <param name="Status">HTTP.</param>
/// <param name="Code">not_found, conflict, min_available, no_capacity, version, config, store_unavailable.</param>
/// <param name="Message">With numbers.</param>
/// <param name="Details">Further lines.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.AdminFault"), Immutable]
public sealed record AdminFault(
    [property: Id(0)] int Status,
    [property: Id(1)] string Code,
    [property: Id(2)] string Message,
    [property: Id(3)] string[] Details);
