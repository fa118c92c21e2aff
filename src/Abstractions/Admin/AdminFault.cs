namespace Grid.Abstractions.Admin;

/// <summary>Why an admin request was refused; HTTP status and code as interfaces.md section 5.</summary>
/// <param name="Status">HTTP.</param>
/// <param name="Code">not_found, conflict, min_available, no_capacity, version, config, store_unavailable.</param>
/// <param name="Message">With numbers.</param>
/// <param name="Details">Further lines.</param>
[GenerateSerializer, Immutable]
public sealed record AdminFault(
    int Status,
    string Code,
    string Message,
    string[] Details);
