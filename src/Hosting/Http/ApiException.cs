namespace Grid.Hosting.Http;

/// <summary>An answer in OpenAI's error shape.</summary>
/// <param name="status">The HTTP status of the response.</param>
/// <param name="message">Rule, limit and value given.</param>
/// <param name="param">The field at fault, such as <c>messages[0].content</c>, or null.</param>
/// <param name="code">OpenAI's code, or null.</param>
public sealed class ApiException(int status, string message, string? param = null, string? code = null) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The field at fault, or null.</summary>
    public string? Param { get; } = param;

    /// <summary>OpenAI's code, or null.</summary>
    public string? Code { get; } = code;

    /// <summary><c>type</c> of the error object.</summary>
    public string Type => Status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>Seconds after which a repetition makes sense, or null.</summary>
    public int? RetryAfter
    {
        get => field ?? (Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? 1 : null);
        init;
    }

    /// <summary>Whether another rank may be tried without the client's knowledge: nothing was done here.</summary>
    public bool MayRetry { get; init; }

    /// <summary>Whether the connection is of no more use: the rank or the node takes no new work.</summary>
    public bool IsDraining => Code == "draining";

    /// <summary>There is nothing at a path.</summary>
    public static ApiException NoRoute(PathString path) => new(StatusCodes.Status404NotFound, $"There is no {path}.", code: "not_found");

    /// <summary>A field that breaks its rule.</summary>
    public static ApiException BadField(string param, string message) => new(StatusCodes.Status400BadRequest, message, param);
}
