namespace Grid.Abstractions.Admin;

/// <summary>Why an admin request was refused; HTTP status and code as docs/reference/interfaces.md section 5.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Code">One of not_found, conflict, min_available, no_capacity, version, config and store_unavailable.</param>
/// <param name="Message">A sentence for people that gives the numbers.</param>
/// <param name="Details">Further lines, one for each fault.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.AdminFault"), Immutable]
public sealed record AdminFault(
    [property: Id(0)] int Status,
    [property: Id(1)] string Code,
    [property: Id(2)] string Message,
    [property: Id(3)] string[] Details);
