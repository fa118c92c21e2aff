using System.Text.Json;
using Grid.Engine;

namespace Grid.Silo.OpenAI.Errors;

/// <summary>The one map from what can go wrong to what a client is told.</summary>
internal static class ApiErrors
{
    /// <summary>The answer to an exception of a request.</summary>
    public static ApiException From(Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case ApiException api:
                return api;
            case RequestValidationException e:
                return new ApiException(StatusCodes.Status400BadRequest, e.Message, e.Parameter, e.Code);
            case QueueFullException e:
                return new ApiException(StatusCodes.Status429TooManyRequests, e.Message, code: "queue_full");
            case EngineDrainingException e:
                return new ApiException(StatusCodes.Status503ServiceUnavailable, e.Message, code: "draining");
            case EngineDeadException e:
                return new ApiException(StatusCodes.Status503ServiceUnavailable, e.Message, code: "no_ready_replica");
            case BadHttpRequestException e:
                return new ApiException(e.StatusCode, e.Message);
            default:
                logger.LogError(exception, "A request failed");
                return new ApiException(StatusCodes.Status500InternalServerError, "The server failed to answer; its log says why.", code: "internal_error");
        }
    }

    /// <summary>Answers with an error, where nothing has been sent.</summary>
    public static Task WriteAsync(HttpContext context, ApiException error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json; charset=utf-8";
        if (error.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString();
        if (error.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (error.Code == "draining")
        {
            response.Headers.Connection = "close";
            response.Headers["X-Grid-Retry"] = "1";
        }

        return response.Body.WriteAsync(ToJson(error), context.RequestAborted).AsTask();
    }

    /// <summary>The error object.</summary>
    public static byte[] ToJson(ApiException error) => JsonSerializer.SerializeToUtf8Bytes(
        new { error = new { message = error.Message, type = error.Type, param = error.Param, code = error.Code } }, JsonText.Options);
}
