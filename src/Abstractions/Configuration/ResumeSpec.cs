namespace Grid.Abstractions.Configuration;

/// <summary>gateway.resume: streams whose silo is lost.</summary>
/// <param name="Mode">Whether and how they are resumed on another rank.</param>
/// <param name="MaxAttempts">The number of resumes in a row without 16 new tokens in between.</param>
/// <param name="StallTimeout">The time without a token or a ping after which the silo counts as lost.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ResumeSpec"), Immutable]
public sealed record ResumeSpec(
    [property: Id(0)] ResumeMode Mode,
    [property: Id(1)] int MaxAttempts,
    [property: Id(2)] TimeSpan StallTimeout)
{
    /// <summary>The defaults: continue, 3 attempts, 10 s.</summary>
    public static ResumeSpec Default { get; } = new(ResumeMode.Continue, 3, TimeSpan.FromSeconds(10));
}
