using Grid.Abstractions.Admin;

namespace Grid.Gateway.Admin;

/// <summary>Ends a request with a fault.</summary>
/// <param name="fault">Status, code, message, details.</param>
internal sealed class AdminException(AdminFault fault) : Exception(fault.Message)
{
    public AdminFault Fault { get; } = fault;

    public static AdminException Invalid(string message) => new(new AdminFault(StatusCodes.Status400BadRequest, "invalid", message, []));

    public static AdminException NotFound(string message) => new(new AdminFault(StatusCodes.Status404NotFound, "not_found", message, []));

    public static AdminException NotSupported(string message) => new(new AdminFault(StatusCodes.Status501NotImplemented, "not_supported", message, []));

    public static AdminException Away(string message) => new(new AdminFault(StatusCodes.Status503ServiceUnavailable, "store_unavailable", message, []));
}
