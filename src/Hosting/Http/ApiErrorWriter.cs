using System.Text.Json;
using Grid.Abstractions.Http;

namespace Grid.Hosting.Http;

/// <summary>Writes errors in OpenAI's shape.</summary>
public static class ApiErrorWriter
{
    /// <summary>Answers with an error, where nothing has been sent.</summary>
    public static Task WriteAsync(HttpContext context, ApiException error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json; charset=utf-8";
        if (error.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString();
        if (error.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (error.MayRetry) response.Headers[GridHeaders.Retry] = "1";
        if (error.IsDraining) response.Headers.Connection = "close";

        return response.Body.WriteAsync(ToJson(error), context.RequestAborted).AsTask();
    }

    /// <summary>The error object.</summary>
    public static byte[] ToJson(ApiException error) => JsonSerializer.SerializeToUtf8Bytes(
        new { error = new { message = error.Message, type = error.Type, param = error.Param, code = error.Code } }, JsonText.Options);
}
