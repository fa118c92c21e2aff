namespace Grid.Configuration.Reading;

/// <summary>The keys of each mapping in grid.yaml but of engine:, whose keys are the rows of the table of engine options.</summary>
internal static class ConfigKeys
{
    public static readonly string[] Root = ["apiVersion", "kind", "metadata", "gateway", "models"];
    public static readonly string[] Metadata = ["name"];
    public static readonly string[] Gateway = ["routing", "queue", "resume"];
    public static readonly string[] Queue = ["maxRequests", "maxWait"];
    public static readonly string[] Resume = ["mode", "maxAttempts", "stallTimeout"];
    public static readonly string[] Model =
        ["name", "source", "replicas", "autoscale", "minAvailable", "maxSurge", "drainTimeout", "parallelism", "engine", "placement",
        "sim"];

    public static readonly string[] Autoscale = ["min", "max", "queuedTokens", "kvUsage", "ttft", "upWindow", "downWindow", "idle",
        "activationTimeout"];
    public static readonly string[] Parallelism = ["tensor", "pipeline", "data", "expert", "pipelineLayers", "backend"];
    public static readonly string[] Placement = ["nodeSelector", "spread", "priority"];
    public static readonly string[] Sim =
        ["weights", "load", "prefillTokensPerSecond", "step", "stepPerSequence", "kvTokens", "maxModelLen", "vocab"];

    public static readonly string[] Routings = ["prefix-aware", "least-load", "round-robin", "random", "power-of-two", "session"];
    public static readonly string[] ResumeModes = ["continue", "exact", "off"];
    public static readonly string[] Spreads = ["node", "none"];
}
