namespace Grid.Gateway.Forwarding;

/// <summary>Errors that the gateway answers itself.</summary>
internal static class Refusals
{
    private const int MaxReason = 512;

    /// <summary>No new requests are accepted, and those in flight have no more time (503).</summary>
    public static ApiException ShuttingDown() =>
        new(StatusCodes.Status503ServiceUnavailable, "The gateway is shutting down.", code: "draining");

    /// <summary>A response was aborted and cannot be resumed (503).</summary>
    public static ApiException Lost(string rank) =>
        new(StatusCodes.Status503ServiceUnavailable, $"The rank {rank} was lost during its response.", code: "no_ready_replica");

    /// <summary>
    /// 500: a rank does not resume a request that another one took. This is a fault of ours, and another attempt would only repeat it.
    /// </summary>
    public static ApiException ResumeRefused(string rank, int status, string reason) => new(
        StatusCodes.Status500InternalServerError,
        $"The rank {rank} refused to resume the request ({status}): {(reason.Length <= MaxReason ? reason : reason[..MaxReason])}",
        code: "resume_failed");
}
