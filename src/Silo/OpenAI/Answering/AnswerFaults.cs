
namespace Grid.Silo.OpenAI.Answering;

/// <summary>How an answer ends that comes to no good end.</summary>
internal static class AnswerFaults
{
    /// <summary>The request was cut, and there is no gateway that could resume it elsewhere.</summary>
    public static ApiException Cut() =>
        new(StatusCodes.Status503ServiceUnavailable, "The server shut down before the request had ended.",
        code: "draining")
        { MayRetry = true };
}
