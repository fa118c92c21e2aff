namespace Grid.Abstractions.Http;

/// <summary>The paths of gateways and silos that orchestrators probe.</summary>
public static class ProbePaths
{
    /// <summary>Answers 200 if new requests are served.</summary>
    public const string Ready = "/readyz";

    /// <summary>Answers 503 only if a restart is the remedy.</summary>
    public const string Live = "/livez";
}
