using Grid.Abstractions.Admin;

namespace Grid.Gateway.Admin;

/// <summary>Ends a request with a fault.</summary>
/// <param name="fault">Status, code, message, details.</param>
internal sealed class AdminException(AdminFault fault) : Exception(fault.Message)
{
    public AdminFault Fault { get; } = fault;

    public static AdminException Invalid(string message) => new(new AdminFault(StatusCodes.Status400BadRequest, "invalid", message, []));

    public static AdminException NotFound(string message) => new(new AdminFault(StatusCodes.Status404NotFound, "not_found", message, []));

    public static AdminException NotSupported(string message) =>
        new(new AdminFault(StatusCodes.Status501NotImplemented, "not_supported", message, []));

    /// <summary>A text is no valid configuration (422).</summary>
    /// <param name="what">What is not valid, such as <c>The model</c>.</param>
    /// <param name="faults">One for each place.</param>
    public static AdminException Config(string what, IReadOnlyList<object> faults) => new(new AdminFault(
        StatusCodes.Status422UnprocessableEntity,
        "config",
        $"{what} has {faults.Count} {(faults.Count == 1 ? "fault" : "faults")}.",
        [.. faults.Select(fault => fault.ToString()!)]));

    public static AdminException Unreachable(string message) =>
        new(new AdminFault(StatusCodes.Status503ServiceUnavailable, "store_unavailable", message, []));
}
