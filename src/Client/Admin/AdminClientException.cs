using System.Net;

namespace Grid.Client.Admin;

/// <summary>The admin API refused a request.</summary>
/// <param name="status">The status code of the answer.</param>
/// <param name="code">not_found, conflict, no_capacity, ...; null where the answer is none of the API's.</param>
/// <param name="message">The message of the error.</param>
/// <param name="details">Further lines of the error, such as one for each fault of a file.</param>
public sealed class AdminClientException(HttpStatusCode status, string? code, string message, IReadOnlyList<string> details)
    : Exception(message)
{
    /// <summary>Of the answer.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>The API's word for it, or null.</summary>
    public string? Code { get; } = code;

    /// <summary>Further lines.</summary>
    public IReadOnlyList<string> Details { get; } = details;
}
