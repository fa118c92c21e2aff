namespace Grid.Abstractions.Configuration;

/// <summary>gateway.resume: streams whose silo is lost.</summary>
/// <param name="Mode">Whether and how they go on elsewhere.</param>
/// <param name="MaxAttempts">Resumes in a row without 16 new tokens in between.</param>
/// <param name="StallTimeout">No token and no keep-alive for so long: the upstream is lost.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ResumeSpec"), Immutable]
public sealed record ResumeSpec(
    [property: Id(0)] ResumeMode Mode,
    [property: Id(1)] int MaxAttempts,
    [property: Id(2)] TimeSpan StallTimeout)
{
    /// <summary>Continue, 3 attempts, 10 s.</summary>
    public static ResumeSpec Default { get; } = new(ResumeMode.Continue, 3, TimeSpan.FromSeconds(10));
}
