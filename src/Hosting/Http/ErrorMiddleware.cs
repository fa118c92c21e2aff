namespace Grid.Hosting.Http;

/// <summary>Answers every failure, an unknown route and a wrong method included, in OpenAI's shape.</summary>
/// <param name="next">The next step of the pipeline.</param>
/// <param name="map">The response to an exception.</param>
/// <param name="logger">The log of failed requests and aborted responses.</param>
public sealed class ErrorMiddleware(RequestDelegate next, Func<Exception, ILogger, ApiException> map, ILogger<ErrorMiddleware> logger)
{
    /// <summary>Calls the next middleware, and answers what fails.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response.HasStarted || context.GetEndpoint() is { } endpoint && !IsWrongMethod(context, endpoint)) return;
            await ApiErrorWriter.WriteAsync(context, Unrouted(context));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await ApiErrorWriter.WriteAsync(context, map(exception, logger));
        }
        catch (Exception exception)
        {
            logger.ResponseAborted(exception);
            context.Abort();
        }
    }

    /// <summary>The answer to what any server meets: its own errors, broken requests, and the unforeseen.</summary>
    public static ApiException Default(Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case ApiException api:
                return api;
            case BadHttpRequestException e:
                return new ApiException(e.StatusCode, e.Message);
            default:
                logger.RequestFailed(exception);
                return new ApiException(StatusCodes.Status500InternalServerError, "The server failed to answer; its log says why.",
                    code: "internal_error");
        }
    }

    private static bool IsWrongMethod(HttpContext context, Endpoint endpoint) =>
        context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is null;

    private static ApiException Unrouted(HttpContext context)
    {
        var request = context.Request;
        if (context.Response.StatusCode != StatusCodes.Status405MethodNotAllowed)
            return ApiException.NoRoute(request.Path);
        return new ApiException(
            StatusCodes.Status405MethodNotAllowed, $"{request.Path} takes {context.Response.Headers.Allow} and not {request.Method}.",
            code: "method_not_allowed");
    }
}
