namespace Grid.Abstractions.Http;

/// <summary>Where gateways and silos tell orchestrators how they are.</summary>
public static class ProbePaths
{
    /// <summary>200 where new requests are answered.</summary>
    public const string Ready = "/readyz";

    /// <summary>503 only where a restart is the remedy.</summary>
    public const string Live = "/livez";
}
