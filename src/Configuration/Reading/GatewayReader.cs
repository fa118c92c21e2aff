using Grid.Abstractions.Configuration;
using Grid.Configuration.Yaml;

namespace Grid.Configuration.Reading;

/// <summary>Reads gateway:.</summary>
internal static class GatewayReader
{
    private const int MaxWaiting = 1_000_000;
    private const int MaxResumes = 100;

    public static GatewaySpec Read(Section gateway) => new(
        gateway.Choice("routing", "prefix-aware", ConfigKeys.Routings),
        gateway.Has("queue") ? Queue(gateway.Child("queue", ConfigKeys.Queue)) : null,
        gateway.Has("resume") ? Resume(gateway.Child("resume", ConfigKeys.Resume)) : null);

    private static QueueSpec Queue(Section queue) => new(
        queue.Integer("maxRequests", QueueSpec.Default.MaxRequests, 0, MaxWaiting),
        queue.Duration("maxWait", QueueSpec.Default.MaxWait, TimeSpan.Zero));

    private static ResumeSpec Resume(Section resume) => new(
        // In YAML 1.1 a bare off is a truth value; here it is the mode.
        Enum.Parse<ResumeMode>(resume.Choice("mode", "continue", ConfigKeys.ResumeModes), ignoreCase: true),
        resume.Integer("maxAttempts", ResumeSpec.Default.MaxAttempts, 0, MaxResumes),
        resume.Duration("stallTimeout", ResumeSpec.Default.StallTimeout, TimeSpan.FromMilliseconds(100)));
}
