namespace Grid.Silo.OpenAI.Errors;

/// <summary>Answers every failure, an unknown route and a wrong method included, in OpenAI's shape.</summary>
internal sealed class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response.HasStarted || context.GetEndpoint() is { } endpoint && !IsWrongMethod(context, endpoint)) return;
            await ApiErrors.WriteAsync(context, Unrouted(context));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await ApiErrors.WriteAsync(context, ApiErrors.From(exception, logger));
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "An answer broke off");
            context.Abort();
        }
    }

    private static bool IsWrongMethod(HttpContext context, Endpoint endpoint) =>
        context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is null;

    private static ApiException Unrouted(HttpContext context)
    {
        var request = context.Request;
        if (context.Response.StatusCode != StatusCodes.Status405MethodNotAllowed)
            return new ApiException(StatusCodes.Status404NotFound, $"There is no {request.Path}.", code: "not_found");
        return new ApiException(
            StatusCodes.Status405MethodNotAllowed, $"{request.Path} takes {context.Response.Headers.Allow} and not {request.Method}.", code: "method_not_allowed");
    }
}
