using Grid.Engine.Configuration;

namespace Grid.Silo.Access;

/// <summary>The one map from what can go wrong to what a client is answered.</summary>
internal static class ApiErrors
{
    /// <summary>The answer to an exception of a request.</summary>
    public static ApiException From(Exception exception, ILogger logger) => exception switch
    {
        RequestValidationException e => new ApiException(StatusCodes.Status400BadRequest, e.Message, e.Parameter, e.Code),
        QueueFullException e => new ApiException(StatusCodes.Status429TooManyRequests, e.Message, code: "queue_full"),
        EngineDrainingException e =>
            new ApiException(StatusCodes.Status503ServiceUnavailable, e.Message, code: "draining") { MayRetry = true },
        EngineDeadException e =>
            new ApiException(StatusCodes.Status503ServiceUnavailable, e.Message, code: "no_ready_replica") { MayRetry = true },
        _ => ErrorMiddleware.Default(exception, logger),
    };
}
