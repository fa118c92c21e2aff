using Grid.Abstractions.Admin;

namespace Grid.Grains.Store;

/// <summary>Refusals as the admin API words them.</summary>
internal static class AdminFaults
{
    public static AdminFault NotFound(string kind, string name) => new(404, "not_found", $"There is no {kind} '{name}'.", []);

    public static AdminFault Conflict(string message) => new(409, "conflict", message, []);

    public static AdminFault Version(long expected, long actual) =>
        new(412, "version", $"Version {expected} was expected to be in force, but it is version {actual}.", []);

    public static AdminFault Invalid(string message) => new(400, "invalid", message, []);

    public static AdminFault StoreUnavailable(string error) =>
        new(503, "store_unavailable", $"The store did not take the change: {error}", []);
}
