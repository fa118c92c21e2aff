namespace Grid.Gateway.Forwarding;

/// <summary>Errors that the gateway answers itself.</summary>
internal static class Refusals
{
    private const int MaxReason = 512;

    /// <summary>503: no new requests, and no more time for those in flight.</summary>
    public static ApiException ShuttingDown() =>
        new(StatusCodes.Status503ServiceUnavailable, "The gateway is shutting down.", code: "draining");

    /// <summary>503: a response broke off that cannot be resumed.</summary>
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
