using System.Net;

namespace Grid.Client;

/// <summary>The server refused a request, or a stream ended with an error.</summary>
/// <param name="status">The answer's status; null for an error within a stream.</param>
/// <param name="message">What the server says.</param>
/// <param name="parameter">The field at fault, or null.</param>
/// <param name="code">OpenAI's error code, or null.</param>
public sealed class GridClientException(HttpStatusCode? status, string message, string? parameter = null, string? code = null)
    : Exception(message)
{
    /// <summary>The answer's status; null for an error within a stream.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>The field at fault, or null.</summary>
    public string? Parameter { get; } = parameter;

    /// <summary>OpenAI's error code, or null.</summary>
    public string? Code { get; } = code;
}
